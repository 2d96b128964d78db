/// Thrown when a rate limiter has no permit for a call.
public struct RateLimited: Rejection, Hashable {
  /// Why there was no permit.
  public enum Reason: Hashable, Sendable {
    /// There was none now, nor within the time that the call may wait.
    case noPermit

    /// Too many waited already.
    case lineFull

    /// The weight is greater than what can ever be had at once under this limit.
    case tooHeavy(weight: Int, limit: Int)
  }

  /// The name of the limiter.
  public let policy: String

  /// Why there was no permit.
  public let reason: Reason

  /// Time after which the same weight could be had, to the nanosecond, if nobody else comes; `nil`
  /// if it is too heavy.
  public let retryAfter: Duration?

  /// Creates the error, to test how code bears it.
  ///
  /// - Parameters:
  ///   - policy: The name of the limiter.
  ///   - reason: Why there was no permit.
  ///   - retryAfter: Time after which the weight could be had.
  public init(policy: String, reason: Reason, retryAfter: Duration?) {
    self.policy = policy
    self.reason = reason
    self.retryAfter = retryAfter
  }

  /// The refusal on one line.
  public var description: String {
    var text =
      switch reason {
      case .noPermit: "rate limiter “\(policy)” has no permit"
      case .lineFull: "the line of rate limiter “\(policy)” is full"
      case .tooHeavy(let weight, let limit):
        "weight \(weight) is too heavy for rate limiter “\(policy)”, which gives at most \(limit)"
      }
    if let retryAfter { text += "; try again in \(retryAfter)" }
    return text
  }
}
