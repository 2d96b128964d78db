public import Foundation

/// Something that goes wrong between a request and its answer.
///
/// All faults but a latency are *terminal*: they decide what becomes of the request. Of several that
/// apply to a request, all latencies add up, and the terminal one injected first wins.
public struct ServerFault: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case latency(ClosedRange<Duration>)
    case status(ServerResponse)
    case hang
    case refuse
    case reset(ResetPoint)
    case truncatedBody
    case drip(bytes: Int, interval: Duration)
    case garbage(Data)
    case headerFlood(fields: Int, bytes: Int)
    case contentType(String)
    case endlessHeaders
    case endlessBody
    case inflating(Int?)
  }

  /// Where in its answer the server breaks a connection off.
  public enum ResetPoint: Sendable, Equatable, CaseIterable {
    /// The handler does not run.
    case beforeHandler
    /// The handler has run, but not one byte of its answer is sent.
    case afterHandler
    /// Half of the status line and header section is sent.
    case inHeaders
    /// The header section and half of the body are sent.
    ///
    /// An empty body is announced as 1 024 bytes. An answer that may not have a body breaks off in
    /// its headers.
    case inBody
  }

  let kind: Kind

  /// Waits before the request is answered.
  ///
  /// - Precondition: `duration >= 0`.
  public static func latency(_ duration: Duration) -> Self { latency(duration...duration) }

  /// Waits before the request is answered, for a time drawn uniformly from the server's seed.
  ///
  /// - Precondition: The lower bound is at least zero.
  public static func latency(_ range: ClosedRange<Duration>) -> Self {
    precondition(range.lowerBound >= .zero, "need latency (\(range.lowerBound)) >= 0")
    return Self(kind: .latency(range))
  }

  /// Answers with a status instead of running the handler.
  ///
  /// - Parameters:
  ///   - status: The status code, 200 to 999.
  ///   - headers: Further header fields, such as `Retry-After`.
  ///   - body: The body.
  /// - Returns: The fault.
  /// - Precondition: `200 <= status <= 999`.
  public static func status(
    _ status: Int,
    headers: ServerHeaders = [:],
    body: Data = Data()
  ) -> Self {
    precondition((200...999).contains(status), "need 200 <= status (\(status)) <= 999")
    return Self(kind: .status(ServerResponse(status: status, headers: headers, body: body)))
  }

  /// Never answers; healing the fault closes the connection.
  public static let hang = Self(kind: .hang)

  /// Accepts no connections, and closes those that stand idle.
  ///
  /// With the scopes `.always` and `.during` the listener is closed, and clients are refused; the
  /// port stays reserved, and the server listens on it again when the fault is over. With `.next`
  /// and `.rate`, connections have to be counted: they are accepted and reset at once.
  public static let refuse = Self(kind: .refuse)

  /// Breaks the connection off with a reset (RST).
  public static func reset(_ point: ResetPoint) -> Self { Self(kind: .reset(point)) }

  /// Announces the whole body, sends half of it and closes the connection in good order (FIN).
  ///
  /// An empty body is announced as 1 024 bytes. An answer that may not have a body ends in the
  /// middle of its headers.
  public static let truncatedBody = Self(kind: .truncatedBody)

  /// Sends the answer, headers included, a few bytes at a time.
  ///
  /// 200 bytes at 10 bytes every 50 ms take 0.95 s.
  ///
  /// - Precondition: `bytes >= 1` and `interval >= 0`.
  public static func drip(_ bytes: Int, every interval: Duration) -> Self {
    precondition(bytes >= 1, "need bytes (\(bytes)) >= 1")
    precondition(interval >= .zero, "need interval (\(interval)) >= 0")
    return Self(kind: .drip(bytes: bytes, interval: interval))
  }

  /// Sends bytes that are no HTTP instead of an answer, and closes the connection.
  ///
  /// - Parameter bytes: What to send; by default the beginning of a TLS alert and a line end.
  /// - Returns: The fault.
  public static func garbage(
    _ bytes: Data = Data([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, 0x0D, 0x0A, 0x0D, 0x0A])
  ) -> Self {
    Self(kind: .garbage(bytes))
  }

  /// Sends a status line that is none, and closes the connection.
  public static let malformedStatusLine = garbage(Data("HTTP/1.1 fine\r\n\r\n".utf8))

  /// Answers with a redirect instead of running the handler.
  ///
  /// - Parameters:
  ///   - location: Where to, as the header field says it: an address, or a path at this server.
  ///   - status: The status.
  /// - Returns: The fault.
  /// - Precondition: `300 <= status <= 399`.
  public static func redirect(to location: String, status: Int = 302) -> Self {
    precondition((300...399).contains(status), "need 300 <= status (\(status)) <= 399")
    return .status(status, headers: ["Location": location])
  }

  /// Adds header fields to the answer, `X-Flood-0` and so on.
  ///
  /// - Parameters:
  ///   - fields: How many.
  ///   - bytes: The length of the value of each.
  /// - Returns: The fault.
  /// - Precondition: `fields >= 1` and `bytes >= 0`.
  public static func headerFlood(_ fields: Int, of bytes: Int = 100) -> Self {
    precondition(fields >= 1, "need fields (\(fields)) >= 1")
    precondition(bytes >= 0, "need bytes (\(bytes)) >= 0")
    return Self(kind: .headerFlood(fields: fields, bytes: bytes))
  }

  /// Says that the answer is of another type than it is.
  public static func contentType(_ type: String) -> Self { Self(kind: .contentType(type)) }

  /// Sends header fields until the client goes away.
  public static let endlessHeaders = Self(kind: .endlessHeaders)

  /// Sends a body in chunks until the client goes away.
  ///
  /// An answer that may not have a body is empty.
  public static let endlessBody = Self(kind: .endlessBody)

  /// Sends a body in `gzip` that is 158 times as long when it is inflated, of zeros only.
  ///
  /// An answer that may not have a body is empty.
  ///
  /// - Parameter bytes: The length when inflated; `nil` for one that goes on until the client goes
  ///   away.
  /// - Returns: The fault.
  /// - Precondition: `bytes` is not negative.
  public static func inflating(to bytes: Int? = nil) -> Self {
    precondition(bytes ?? 0 >= 0, "need bytes (\(bytes ?? 0)) >= 0")
    return Self(kind: .inflating(bytes))
  }
}
