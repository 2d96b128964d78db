public import Resilience

/// Thrown by the body of a response that came faster than it was read, when the peer could not be held
/// back.
///
/// It means that the session has read much at once, such as bytes that inflate to a thousand times
/// their number, or that the system in use has no way to hold a session back.
public struct ReaderTooSlow: CallError, Hashable, CustomStringConvertible {
  /// The most bytes that may wait for a reader: 32 MiB.
  public static let limit = 32 * 1_024 * 1_024

  /// Creates the error, to test how code bears it.
  public init() {}

  /// Ignored: the service has done nothing wrong.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the reader would be no faster.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line.
  public var description: String { "more than \(Self.limit) bytes of a body waited to be read" }
}
