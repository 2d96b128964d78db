public import Foundation
public import Resilience

/// Thrown when a successful response could not be decoded.
///
/// It is ignored by breakers: either side may be wrong, and a mistake in the model of one resource
/// must neither open the circuit for all others nor close one that is being probed.
public struct HTTPDecodingError: CallError, CustomStringConvertible {
  /// The status code.
  public let status: Int

  /// The beginning of the body, at most 1 024 bytes of it; what is no UTF-8 is replaced.
  public let bodyExcerpt: String

  /// The address that was asked.
  public let url: URL

  /// The method of the request.
  public let method: String

  /// The name of the type that was to be decoded.
  public let expected: String

  /// What the decoder threw, a `DecodingError` as a rule.
  public let underlying: any Error

  /// Creates the error, to test how code bears it.
  public init(
    status: Int,
    bodyExcerpt: String = "",
    url: URL,
    method: String = "GET",
    expected: String,
    underlying: any Error
  ) {
    self.status = status
    self.bodyExcerpt = bodyExcerpt
    self.url = url
    self.method = method
    self.expected = expected
    self.underlying = underlying
  }

  init(_ answer: Answer, expected: Any.Type, underlying: any Error) {
    self.init(
      status: answer.status,
      bodyExcerpt: answer.excerpt,
      url: answer.origin.url,
      method: answer.origin.method,
      expected: String(describing: expected),
      underlying: underlying
    )
  }

  /// Ignored, as said above.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the request was carried out, and the next answer would be as unreadable.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line, without the query and the body, which may hold secrets.
  public var description: String {
    "\(method) \(url.withoutSecrets): the body of status \(status) is no \(expected)"
  }
}
