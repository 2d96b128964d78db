public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The service answered, but with a status that is not the success asked for.
///
/// Policies understand it without configuration. What they make of a status:
///
/// | Status | Verdict | Retry | Because |
/// | --- | --- | --- | --- |
/// | 1xx, 2xx, 3xx | success | no | The service answered as it should |
/// | 4xx but those below | success | no | The request is wrong, and stays so; the service is well |
/// | 408 Request Timeout | failure | yes | The request did not arrive in time: too slow a path, or too busy a server |
/// | 425 Too Early | failure | yes, any method | Refused unprocessed; the next attempt is not early |
/// | 429 Too Many Requests | failure | yes | The service defends itself: calls should become fewer |
/// | 500, 502, 503, 504 | failure | yes | The service, or the way to it, is unwell and may recover |
/// | 501, 505, 510 | success | no | A considered answer that will never change |
/// | 506, 507, 508, 511 | failure | no | The service cannot serve, and asking again at once does not help |
/// | other 5xx, and what is no status | failure | yes | To be treated as 500 |
///
/// A `Retry-After` turns “yes” into “not before”; one beyond the bound that the call was given turns
/// it into “no”. A 429 or 503 without one may say the same by `RateLimit`, `RateLimit-Reset` or
/// `X-RateLimit-Reset`, when nothing remains.
///
/// Neither 429 nor 503 says that the request was not acted on, with or without `Retry-After`: a limit
/// may be that of a service further in, and a gateway answers 503 for one that broke down on the way.
/// So a POST is not repeated on them, unless it has an ``IdempotencyKey``. 425 says so, and so does a
/// connection that could not be made, which is an error of `URLSession`.
///
/// ## Source
/// [RFC 9110, section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15); 425: [RFC
/// 8470](https://www.rfc-editor.org/rfc/rfc8470#section-5.2); 429: [RFC
/// 6585](https://www.rfc-editor.org/rfc/rfc6585#section-4).
public struct HTTPStatusError: CallError, Hashable, CustomStringConvertible {
  /// The longest `Retry-After` that is followed unless a call says otherwise.
  public static let defaultMaxRetryAfter = Duration.seconds(3_600)

  /// The status code.
  public let status: Int

  /// The header fields of the response.
  public let headers: HTTPHeaders

  /// The beginning of the body, at most 1 024 bytes of it; what is no UTF-8 is replaced.
  public let bodyExcerpt: String

  /// The address that was asked.
  public let url: URL

  /// The method of the request, such as `GET`.
  public let method: String

  private let retryAfter: RetryAfter

  /// Creates the error, to test how code bears it.
  ///
  /// - Parameters:
  ///   - status: The status code.
  ///   - headers: The header fields of the response, such as `Retry-After`.
  ///   - bodyExcerpt: The beginning of the body.
  ///   - url: The address that was asked.
  ///   - method: The method of the request.
  ///   - maxRetryAfter: The longest `Retry-After` to follow; a longer one forbids to retry.
  public init(
    status: Int,
    headers: HTTPHeaders = [:],
    bodyExcerpt: String = "",
    url: URL,
    method: String = "GET",
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter
  ) {
    self.status = status
    self.headers = headers
    self.bodyExcerpt = bodyExcerpt
    self.url = url
    self.method = method
    let now = Int(Date.now.timeIntervalSince1970)
    retryAfter = RetryAfter(headers, status: status, now: now, upTo: maxRetryAfter)
  }

  init(_ answer: Answer, maxRetryAfter: Duration) {
    self.init(
      status: answer.status,
      headers: HTTPHeaders(answer.response),
      bodyExcerpt: answer.excerpt,
      url: answer.origin.url,
      method: answer.origin.method,
      maxRetryAfter: maxRetryAfter
    )
  }

  /// What the status says about the service, by the table above.
  public var verdict: Verdict { HTTPStatus(code: status).judgement.verdict }

  /// What the status and `Retry-After` say about repeating the request, by the table above.
  public var retryAdvice: RetryAdvice {
    let advice = HTTPStatus(code: status).judgement.advice
    guard advice != .forbidden else { return .forbidden }
    return switch retryAfter {
    case .unsaid: advice
    case .after(let pause): advice.isUnprocessed ? .notProcessedAfter(pause) : .allowedAfter(pause)
    case .tooLong: .forbidden
    }
  }

  /// The error on one line, without the query and the body, which may hold secrets.
  public var description: String { "\(method) \(url.withoutSecrets): status \(status)" }
}
