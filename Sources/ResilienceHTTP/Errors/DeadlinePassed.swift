public import Resilience

/// Thrown instead of beginning what nobody waits for any more: a request is not sent, a handler not
/// called, when the deadline of the call has passed.
public struct DeadlinePassed: Rejection, Hashable {
  /// What refused: the name of an admission, or “call deadline” where a request was to be sent.
  public let policy: String

  /// How long ago the deadline passed; not negative.
  public let late: Duration

  /// `nil`: the call has no time any more, whenever it comes.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String = "call deadline", late: Duration = .zero) {
    self.policy = policy
    self.late = late
  }

  /// The refusal on one line.
  public var description: String {
    "“\(policy)”: the deadline of the call passed \(late) before it could begin"
  }
}
