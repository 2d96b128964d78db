/// How a circuit breaker behaves.
///
/// ```swift
/// var settings = BreakerSettings()
/// settings.trip = .failureRate(0.5, over: .seconds(10)) || .slowCallRate(0.8, over: .seconds(10))
/// settings.slowAfter = .seconds(1)
/// settings.open = .growing(from: .seconds(5), upTo: .seconds(300), jitter: 0.2)
/// settings.halfOpen.probes = 3
/// let breaker = CircuitBreaker("payments", settings)
/// ```
///
/// A breaker checks its settings when it takes them: see ``validate()``.
public struct BreakerSettings: Sendable {
  /// When the circuit opens.
  public var trip = Self.defaultTrip

  /// One tree for all who keep it.
  private static let defaultTrip: TripRule =
    .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10))

  /// How long a call may take before it counts as slow; `nil` when slowness does not matter.
  ///
  /// A slow probe is a failed probe. Reading the clock twice is what it costs.
  public var slowAfter: Duration?

  /// How long the circuit stays open before the first probe.
  public var open: OpenDuration = .constant(.seconds(30))

  /// How the circuit finds out whether its callee is well again.
  public var halfOpen = HalfOpenSettings()

  /// Time after the breaker's creation during which nothing is counted; zero and less for none.
  ///
  /// For a callee that starts up together with its caller.
  public var grace: Duration = .zero

  /// Whether the breaker begins open, as if its rule had just been met, rather than closed.
  public var startsOpen = false

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try trip.node.validate()
    if let slowAfter { try check("slow after", slowAfter, atLeast: .nanoseconds(1)) }
    if trip.node.looksAtSlowness, slowAfter == nil {
      throw InvalidSetting("slow after", "nil", allowed: "set when the rule looks at slow calls")
    }
    try open.validate()
    try halfOpen.validate()
  }
}

/// How a half-open circuit finds out whether its callee is well again.
///
/// It begins with *probes*, a few calls at once. When they have gone well the circuit closes, or, if
/// a ramp is set, admits a growing share of the calls first, each step being judged as the probes
/// were. When they have not, it opens again.
public struct HalfOpenSettings: Hashable, Sendable {
  /// What becomes of callers beyond the probes.
  public enum Excess: Hashable, Sendable {
    /// They are refused.
    case refuse

    /// Up to `queue` of them wait, up to a duration each, for a probe's place or the decision.
    case wait(queue: Int, upTo: Duration)
  }

  /// When the probes, or the calls of a step of the ramp, have gone well.
  public enum Passing: Hashable, Sendable {
    /// After this many successes; the first failure opens the circuit.
    case successes(Int)

    /// When the share of successes among this many outcomes reaches the rate. It is decided as
    /// soon as it cannot come out otherwise.
    case successRate(Double, of: Int)
  }

  /// How many probes may run at once, in 1...65535.
  public var probes = 1

  /// When the probes have gone well; `nil` stands for as many successes as there are probes.
  public var passing: Passing?

  /// How long a probe may run; positive.
  ///
  /// After that its place is given to another caller, and its outcome counts no more, so that a
  /// hung probe cannot prevent the recovery.
  public var lease: Duration = .seconds(60)

  /// How long the circuit may stay half-open before it opens again; `nil` when there is no limit.
  public var limit: Duration?

  /// Shares of the calls that are admitted, step by step, between the probes and closing.
  ///
  /// Each is in 0...1, above zero; 0.05, 0.25, 0.5 is usual. Which calls these are is drawn by
  /// chance.
  public var ramp: [Double] = []

  /// What becomes of callers beyond the probes.
  public var excess = Excess.refuse

  /// Creates the default settings.
  public init() {}

  /// When the probes have gone well.
  var effectivePassing: Passing { passing ?? .successes(probes) }

  func validate() throws(InvalidSetting) {
    try check("probes", probes, in: 1...65_535)
    switch effectivePassing {
    case .successes(let n):
      try check("successes to close", n, atLeast: 1)
    case .successRate(let rate, let outcomes):
      try check("success rate to close", rate, in: 0...1)
      try check("outcomes to close", outcomes, in: 1...1_000_000)
    }
    try check("probe lease", lease, atLeast: .nanoseconds(1))
    if let limit { try check("half-open limit", limit, atLeast: .nanoseconds(1)) }
    for share in ramp {
      try check("share of the ramp", share, in: Double.leastNonzeroMagnitude...1)
    }
    if case .wait(let queue, _) = excess { try check("half-open queue", queue, atLeast: 0) }
  }
}
