/// An answer to a request that was not served, for any server to send.
///
/// | Refused by | Status |
/// | --- | --- |
/// | a rate limit (`RateLimited`) | 429 Too Many Requests |
/// | any other policy: a limit on calls, a queue, a throttle, an open circuit | 503 Service Unavailable |
/// | a deadline that has passed, and a timeout of the pipeline | ``HTTPAdmissionSettings/lateStatus`` |
///
/// ## Source
/// 429: [RFC 6585, section 4](https://www.rfc-editor.org/rfc/rfc6585#section-4); 503: [RFC 9110,
/// section 15.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4); `Retry-After`: [section
/// 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
public struct HTTPRefusal: Sendable {
  /// The status to answer with.
  public let status: Int

  /// When the client may come again, in whole seconds, at least 1; `nil` when that makes no sense.
  public let retryAfter: Int?

  /// Whether the handler had begun, so that it may have acted on the request.
  public let hasBegun: Bool

  /// What refused, for logs rather than the client: a `Rejection`, or the `TimedOut` of the pipeline.
  public let cause: any Error

  /// Creates a refusal, to test how code bears it.
  public init(status: Int, retryAfter: Int?, hasBegun: Bool = false, cause: any Error) {
    self.status = status
    self.retryAfter = retryAfter
    self.hasBegun = hasBegun
    self.cause = cause
  }

  /// The header fields to answer with: `Retry-After` if there is one, and `Cache-Control: no-store`,
  /// since a refusal is of this moment only.
  public var headers: HTTPHeaders {
    var headers: HTTPHeaders = ["Cache-Control": "no-store"]
    headers["Retry-After"] = retryAfter.map { "\($0)" }
    return headers
  }
}

extension HTTPRefusal: CustomStringConvertible {
  /// The refusal on one line, with its cause.
  public var description: String {
    let pause = retryAfter.map { ", again in \($0) s" } ?? ""
    return "\(status)\(pause): \(cause)"
  }
}

/// What became of a request.
public enum HTTPAdmitted<Response> {
  /// The handler answered.
  case served(Response)

  /// It was refused.
  case refused(HTTPRefusal)
}

extension HTTPAdmitted: Sendable where Response: Sendable {}
