public import Foundation
public import Resilience

/// Thrown when what answered was not HTTP, such as a `URLProtocol` of another kind.
public struct NotHTTP: CallError, Hashable, CustomStringConvertible {
  /// The address that was asked.
  public let url: URL

  /// Creates the error, to test how code bears it.
  public init(url: URL) {
    self.url = url
  }

  /// Ignored: no service was asked.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the next answer would be of the same kind.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line, without the query.
  public var description: String { "\(url.withoutSecrets): the answer is not HTTP" }
}
