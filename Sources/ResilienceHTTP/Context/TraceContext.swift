/// Where a request belongs in a distributed trace: its trace, its parent, and what vendors have added.
///
/// This package makes no spans: it passes on, by ``withRequestContext(_:on:_:)``, what a tracer or the
/// request of a client has said. What is malformed is no context, and is not passed on.
///
/// ## Source
/// W3C, [Trace Context](https://www.w3.org/TR/trace-context/), sections 3.2 and 3.3.
public struct TraceContext: Hashable, Sendable {
  /// The name of the header field of the trace and the parent.
  public static let parentField = "traceparent"

  /// The name of the header field of what vendors have added.
  public static let stateField = "tracestate"

  /// The trace: 32 hexadecimal digits in lower case, not all of them 0.
  public let traceID: String

  /// The span that makes the request: 16 hexadecimal digits in lower case, not all of them 0.
  public let parentID: String

  /// Whether the caller may have recorded the trace.
  public let isSampled: Bool

  /// What vendors have added, as the header field says it; `nil` if there is nothing.
  public let state: String?

  /// The flags that are known: sampled, and that the trace was drawn by chance.
  private let flags: UInt8

  /// The value of the header field `traceparent`, in version 00.
  public var parent: String {
    let digits = String(flags, radix: 16)
    return "00-\(traceID)-\(parentID)-\(digits.utf8.count == 1 ? "0" : "")\(digits)"
  }

  /// Reads the two header fields, as a server does.
  ///
  /// Refused are the version ff, digits in upper case, identifiers of zeros only, and any other
  /// length than the version has; a later version may have more behind a `-`, which is dropped. A
  /// malformed state leaves a context without one.
  ///
  /// - Parameters:
  ///   - parent: The value of `traceparent`.
  ///   - state: The value of `tracestate`.
  public init?(parent: String?, state: String? = nil) {
    guard let parent, (55...512).contains(parent.utf8.count) else { return nil }
    let bytes = Array(parent.utf8)
    func digits(_ range: Range<Int>) -> String? {
      let part = bytes[range]
      guard part.allSatisfy(\.isLowercaseHex) else { return nil }
      return String(decoding: part, as: UTF8.self)
    }
    let dash = UInt8(ascii: "-")
    guard bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
      let version = digits(0..<2), version != "ff",
      bytes.count == 55 || version != "00" && bytes[55] == dash,
      let trace = digits(3..<35), trace.utf8.contains(where: { $0 != UInt8(ascii: "0") }),
      let span = digits(36..<52), span.utf8.contains(where: { $0 != UInt8(ascii: "0") }),
      let flags = digits(53..<55).flatMap({ UInt8($0, radix: 16) })
    else { return nil }
    traceID = trace
    parentID = span
    isSampled = flags & 1 == 1
    self.flags = flags & 0b11
    self.state = state.flatMap(TraceState.init)?.description
  }

  /// Reads the two fields among others.
  ///
  /// - Parameter headers: The fields of a request.
  public init?(_ headers: HTTPHeaders) {
    self.init(parent: headers[Self.parentField], state: headers[Self.stateField])
  }
}

extension UInt8 {
  fileprivate var isLowercaseHex: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
