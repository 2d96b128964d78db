public import Resilience

/// Thrown to a task that reads the body of a response while another one waits for the same body's
/// next piece.
public struct BodyIsBeingRead: CallError, Hashable, CustomStringConvertible {
  /// Creates the error, to test how code bears it.
  public init() {}

  /// Ignored: the mistake is on our side.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the code stays as it is.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line.
  public var description: String { "the body is being read by another task" }
}
