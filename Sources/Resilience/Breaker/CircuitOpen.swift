/// Thrown when a circuit breaker refuses a call.
public struct CircuitOpen: Rejection {
  /// The name of the breaker.
  public let policy: String

  /// Whether the circuit was open, or half-open with all its probes under way.
  public let state: BreakerState

  /// Time until the circuit may be tried; `nil` when that hangs on the probes under way.
  public let retryAfter: Duration?

  /// Creates the error, to test how code bears it.
  public init(policy: String, state: BreakerState = .open, retryAfter: Duration?) {
    self.policy = policy
    self.state = state
    self.retryAfter = retryAfter
  }

  /// The refusal on one line.
  public var description: String {
    switch retryAfter {
    case .some(let duration): "circuit “\(policy)” is \(state); try again in \(duration)"
    case nil: "circuit “\(policy)” is \(state); all its probes are under way"
    }
  }
}
