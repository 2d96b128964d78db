/// Thrown when a circuit breaker refuses a call.
public struct CircuitOpen: Rejection {
  /// The name of the breaker; of a family of breakers, the one that refused.
  public let policy: String

  /// Whether the circuit was open, held open, or half-open with no place for the call.
  public let state: BreakerState

  /// Time until the circuit may be tried; `nil` when that is not known.
  public let retryAfter: Duration?

  /// Why the circuit opened last; `nil` if it never did.
  public let reason: BreakerTransition.Reason?

  /// The failure that opened the circuit last; `nil` if it was opened otherwise.
  public let lastFailure: (any Error)?

  /// Creates the error, to test how code bears it.
  ///
  /// - Parameters:
  ///   - policy: The name of the breaker.
  ///   - state: The state in which it refused.
  ///   - retryAfter: Time until it may be tried.
  ///   - reason: Why the circuit opened.
  ///   - lastFailure: The failure that opened it.
  public init(
    policy: String,
    state: BreakerState = .open,
    retryAfter: Duration?,
    reason: BreakerTransition.Reason? = nil,
    lastFailure: (any Error)? = nil
  ) {
    self.policy = policy
    self.state = state
    self.retryAfter = retryAfter
    self.reason = reason
    self.lastFailure = lastFailure
  }

  /// The refusal on one line.
  public var description: String {
    var text = "circuit “\(policy)” is \(state)"
    if let reason { text += " (\(reason))" }
    if let retryAfter { text += "; try again in \(retryAfter)" }
    if let lastFailure { text += "; last failure: \(lastFailure)" }
    return text
  }
}
