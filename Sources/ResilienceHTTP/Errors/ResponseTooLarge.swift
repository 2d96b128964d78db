public import Foundation
public import Resilience

/// Thrown when a response is longer than the call allows; the transfer has been cancelled.
public struct ResponseTooLarge: CallError, Hashable, CustomStringConvertible {
  /// The bound in bytes, after any decompression.
  public let limit: Int

  /// The address that was asked.
  public let url: URL

  /// The method of the request.
  public let method: String

  /// Creates the error, to test how code bears it.
  public init(limit: Int, url: URL, method: String = "GET") {
    self.limit = limit
    self.url = url
    self.method = method
  }

  /// A success: the service answered, only with more than the caller wants.
  public var verdict: Verdict { .success }

  /// Forbidden: the next response would be as long.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line, without the query.
  public var description: String {
    "\(method) \(url.withoutSecrets): the response is longer than \(limit) bytes"
  }
}
