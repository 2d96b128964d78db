public import Resilience

/// Thrown in place of a handler when nobody waits for its answer any more.
public struct DeadlinePassed: Rejection, Hashable {
  /// The name of the admission.
  public let policy: String

  /// How long ago the deadline passed; not negative.
  public let late: Duration

  /// `nil`: the request as it was has no time any more, whenever it comes.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, late: Duration) {
    self.policy = policy
    self.late = late
  }

  /// The refusal on one line.
  public var description: String {
    "the deadline of a request to “\(policy)” passed \(late) before it could be served"
  }
}
