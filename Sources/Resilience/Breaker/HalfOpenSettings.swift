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
