public import Foundation
public import Resilience

/// Thrown when a successful response was to be JSON and says that it is something else.
///
/// Ignored by breakers, as an ``HTTPDecodingError`` is: a login page of the network in between says
/// nothing about the service.
public struct UnexpectedContentType: CallError, Hashable, CustomStringConvertible {
  /// The content type of the response.
  public let contentType: String

  /// The status code.
  public let status: Int

  /// The beginning of the body, at most 1 024 bytes of it; what is no UTF-8 is replaced.
  public let bodyExcerpt: String

  /// The address that was asked.
  public let url: URL

  /// The method of the request.
  public let method: String

  /// Creates the error, to test how code bears it.
  public init(
    _ contentType: String,
    status: Int,
    bodyExcerpt: String = "",
    url: URL,
    method: String = "GET"
  ) {
    self.contentType = contentType
    self.status = status
    self.bodyExcerpt = bodyExcerpt
    self.url = url
    self.method = method
  }

  init(_ contentType: String, _ answer: Answer) {
    self.init(
      contentType,
      status: answer.status,
      bodyExcerpt: answer.excerpt,
      url: answer.origin.url,
      method: answer.origin.method
    )
  }

  /// Ignored, as said above.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the request was carried out.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line, without the query and the body, which may hold secrets.
  public var description: String {
    "\(method) \(url.withoutSecrets): expected JSON, received “\(contentType)”"
  }
}
