public import Foundation
public import Resilience

/// Thrown when the header fields of a response are longer than any call allows; the transfer has been
/// cancelled.
///
/// The bound is for what is kept. Where `URLSession` is built on libcurl, a head that never ends is
/// bounded by the time that the call may take, and by 100 KiB for each of its lines.
public struct ResponseHeadTooLarge: CallError, Hashable, CustomStringConvertible {
  /// The bound on the names and values of all header fields together: 256 KiB.
  public static let limit = 256 * 1_024

  /// The address that was asked.
  public let url: URL

  /// The method of the request.
  public let method: String

  /// Creates the error, to test how code bears it.
  public init(url: URL, method: String = "GET") {
    self.url = url
    self.method = method
  }

  /// A failure: no service that is well sends this.
  public var verdict: Verdict { .failure }

  /// Forbidden: the next response would be as long.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line, without the query.
  public var description: String {
    "\(method) \(url.withoutSecrets): the header fields are longer than \(Self.limit) bytes"
  }
}
