public import Resilience

/// Thrown instead of sending a request when less than a millisecond is left until the deadline of the
/// call: whoever waits for the answer has gone.
public struct DeadlinePassed: Rejection, Hashable {
  /// Creates the error, to test how code bears it.
  public init() {}

  /// What refused: the deadline of the call.
  public var policy: String { "call deadline" }

  /// Never: the deadline stays where it is.
  public var retryAfter: Duration? { nil }

  /// The error on one line.
  public var description: String { "the deadline of the call has passed; nothing was sent" }
}
