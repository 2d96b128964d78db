/// Whether a circuit breaker lets calls through.
@frozen
public enum BreakerState: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Calls pass, and their outcomes are counted.
  case closed

  /// Calls are refused until the open duration is over.
  case open

  /// A few calls pass as probes; the others are refused.
  case halfOpen = "half-open"

  /// The usual word for it.
  public var description: String { rawValue }
}

/// A change of a circuit breaker's state.
public struct BreakerTransition: Hashable, Sendable, CustomStringConvertible {
  /// The name of the breaker.
  public let breaker: String

  /// The state before.
  public let from: BreakerState

  /// The state after.
  public let to: BreakerState

  /// When it happened, on the breaker's timeline.
  public let at: Moment

  /// Number of the term that began; it grows by one with each transition and wraps around.
  public let term: UInt32

  /// The transition on one line.
  public var description: String { "\(breaker): \(from) → \(to)" }
}

/// What a circuit breaker has counted, at one instant.
public struct BreakerSnapshot: Hashable, Sendable {
  /// The calls in one of the windows of the trip rule.
  public struct Window: Hashable, Sendable {
    /// The window.
    public let window: CallWindow

    /// What is in it.
    public let tally: CallTally
  }

  /// The state, as ``CircuitBreaker/state`` would say it.
  public let state: BreakerState

  /// Time until the first probe may pass; zero unless open.
  public let remaining: Duration

  /// Failures since the last success.
  public let consecutiveFailures: Int

  /// One element per distinct window of the trip rule, in the order of the rule.
  public let windows: [Window]

  /// Probes that are running; zero unless half-open.
  public let probes: Int

  /// Number of the present term: it grows by one with each transition and wraps around.
  public let term: UInt32
}

extension BreakerSnapshot {
  init(_ machine: BreakerMachine, at now: Moment) {
    var state = machine.phase.state
    var remaining = Duration.zero
    var probes = 0
    switch machine.phase {
    case .closed: break
    case .open(let until):
      remaining = max(.zero, now.duration(to: until))
      if now >= until { state = .halfOpen }
    case .halfOpen(let running, _): probes = running
    }
    self.init(
      state: state,
      remaining: remaining,
      consecutiveFailures: machine.consecutiveFailures,
      windows: machine.tallies(at: now),
      probes: probes,
      term: machine.term
    )
  }
}
