/// What a circuit breaker has counted, at one instant.
///
/// A snapshot can be encoded, and a breaker of another process restored from it: see
/// ``CircuitBreaker/restore(_:)``.
public struct BreakerSnapshot: Hashable, Sendable, Codable {
  /// The calls in one of the windows of the trip rule.
  public struct Window: Hashable, Sendable, Codable {
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

  /// How often the circuit has opened since it was last closed.
  public let trips: Int

  /// One element per distinct window of the trip rule, in the order of the rule.
  public let windows: [Window]

  /// Probes that are running; zero unless half-open.
  public let probes: Int

  /// Share of calls that pass while half-open, in 0...1; zero while only probes do, and in any
  /// other state.
  public let rampShare: Double

  /// Number of the present term: it grows by one with each transition and wraps around.
  public let term: UInt32
}

extension BreakerSnapshot {
  init(_ machine: BreakerMachine, at now: Moment) {
    var state = machine.phase.state
    var remaining = Duration.zero
    var probes = 0
    var rampShare = 0.0
    switch machine.phase {
    case .closed, .forcedOpen, .disabled: break
    case .open(let until):
      remaining = max(.zero, now.duration(to: until))
      if now >= until { state = .halfOpen }
    case .halfOpen(var recovery):
      recovery.reclaim(at: now)
      probes = recovery.probes.count
      if recovery.step > 0 { rampShare = machine.settings.halfOpen.ramp[recovery.step - 1] }
    }
    self.init(
      state: state,
      remaining: remaining,
      consecutiveFailures: machine.consecutiveFailures,
      trips: machine.trips,
      windows: machine.tallies(at: now),
      probes: probes,
      rampShare: rampShare,
      term: machine.term
    )
  }
}
