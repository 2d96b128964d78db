/// Thrown when an adaptive throttle refuses a call, since the callee turns too many away.
public struct Throttled: Rejection, Hashable {
  /// The name of the throttle.
  public let policy: String

  /// With what probability a call like this one was refused, in 0...1.
  public let probability: Double

  /// The class of the call.
  public let criticality: Criticality

  /// `nil`: another call may pass at once.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, probability: Double, criticality: Criticality) {
    self.policy = policy
    self.probability = probability
    self.criticality = criticality
  }

  /// The refusal on one line.
  public var description: String {
    let percent = Int((min(max(probability, 0), 1) * 100).rounded())
    return "throttle “\(policy)” refuses \(percent) % of \(criticality) calls"
  }
}
