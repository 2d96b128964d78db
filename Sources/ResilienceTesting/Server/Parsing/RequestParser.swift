import Foundation

/// Turns the bytes of a connection into requests, as a value: bytes in, requests or an error out.
///
/// How the bytes are cut into pieces makes no difference to what comes out. What is kept is bounded:
/// once `next()` has returned nil, at most one unfinished line and one unfinished request.
///
///     requestLine ──▶ fields ──▶ body ──▶ requestLine …
///          └────────────┴─────────┴─────▶ failed
///
/// ## Source
/// [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112), sections 2 to 7.
struct RequestParser: Sendable {
  enum Event: Equatable, Sendable {
    /// The client waits for “100 Continue” before it sends the body.
    case continueExpected
    case request(ServerRequest)
  }

  private enum Stage {
    /// One empty line may come first. Leaves for `fields`.
    case requestLine(mayBeEmpty: Bool)
    /// Leaves for `body` at an empty line.
    case fields(RequestLine, bytesLeft: Int)
    /// Leaves for `requestLine` when the body is complete.
    case body(RequestLine)
    /// No way out: where the next request would begin is not known.
    case failed(RequestError)
  }

  private let limits: ServerLimits
  private var stage = Stage.requestLine(mayBeEmpty: true)
  private var input = ByteQueue()
  private var headers = ServerHeaders()
  private var reader = BodyReader(.length(0), limits: ServerLimits())

  init(limits: ServerLimits = ServerLimits()) {
    self.limits = limits
  }

  /// Number of bytes that were received and not yet looked at.
  var pendingBytes: Int { input.count }

  mutating func append(_ bytes: some Collection<UInt8>) {
    if case .failed = stage { return }
    input.append(bytes)
  }

  /// The next event, or nil until more bytes are appended.
  ///
  /// - Throws: The same error again and again once a request was refused.
  mutating func next() throws(RequestError) -> Event? {
    do throws(RequestError) {
      while true {
        switch stage {
        case .requestLine(let mayBeEmpty):
          guard try readRequestLine(mayBeEmpty: mayBeEmpty) else { return nil }
        case .fields(let line, let bytesLeft):
          guard let event = try readField(of: line, bytesLeft: bytesLeft) else { return nil }
          if event == .expectation { return .continueExpected }
        case .body(let line):
          return try readBody(of: line)
        case .failed(let error):
          throw error
        }
      }
    } catch {
      stage = .failed(error)
      input.removeAll()
      throw error
    }
  }

  private mutating func readRequestLine(mayBeEmpty: Bool) throws(RequestError) -> Bool {
    guard let line = try input.line(limit: limits.requestLineBytes, beyond: .targetTooLong) else {
      return false
    }
    if line.isEmpty, mayBeEmpty {
      stage = .requestLine(mayBeEmpty: false)
    } else {
      stage = .fields(try RequestLine(line), bytesLeft: limits.headerBytes)
    }
    return true
  }

  private enum FieldEvent { case field, end, expectation }

  private mutating func readField(
    of line: RequestLine,
    bytesLeft: Int
  ) throws(RequestError) -> FieldEvent? {
    guard let bytes = try input.line(limit: bytesLeft, beyond: .fieldsTooLarge) else { return nil }
    guard bytes.isEmpty else {
      guard headers.fields.count < limits.headerFields else { throw .fieldsTooLarge }
      let field = try FieldLine(bytes)
      headers.add(field.name, field.value)
      stage = .fields(line, bytesLeft: max(0, bytesLeft - bytes.count - 2))
      return .field
    }
    try headers.checkHost(version: line.version)
    let framing = try BodyFraming(headers, version: line.version, limit: limits.bodyBytes)
    stage = .body(line)
    reader = BodyReader(framing, limits: limits)
    let expects = try headers.expectsContinue(version: line.version)
    return expects && framing != .length(0) ? .expectation : .end
  }

  private mutating func readBody(of line: RequestLine) throws(RequestError) -> Event? {
    guard try reader.read(from: &input) else { return nil }
    defer {
      stage = .requestLine(mayBeEmpty: true)
      headers = ServerHeaders()
      reader = BodyReader(.length(0), limits: limits)
    }
    return .request(
      ServerRequest(
        method: line.method,
        path: line.path,
        query: line.query,
        headers: headers,
        body: reader.body,
        version: line.version
      )
    )
  }
}
