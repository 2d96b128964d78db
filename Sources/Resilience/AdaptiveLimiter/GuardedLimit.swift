/// A gradient whose baseline is found by experiment, so that it does not drift.
///
/// A baseline that follows the round trips slowly takes the latency of a saturated callee for the
/// new normal, and the limit rises with it, for ever. This one learns only from calls made under a
/// *lower* limit. Every now and then, and whenever the limit has been cut by much, it compares both
/// ends of the step:
///
///     round trip fell by a larger factor ──▶ calls were queueing: lowering was right
///     throughput fell by a larger factor ──▶ the callee itself takes that long: the new baseline
///
/// In between the limit follows the gradient, `limit × baseline / round trip + growth × limit`,
/// which comes to rest a little above the callee's capacity. At a limit of 40 with round trips of
/// 200 ms, the baseline being 100 ms, it becomes 20 + 2 = 22.
///
/// The comparison asks which limit has the greater *power*, throughput ÷ round trip, and power is
/// greatest where the callee is just busy.
///
/// ## Source
/// Kleinrock, L. (1979). [Power and deterministic rules of thumb for probabilistic problems in
/// computer communications](https://ieeexplore.ieee.org/document/1455604), ICC '79. That in-flight
/// calls, throughput and round trips are to be correlated is an idea of
/// [failsafe-go](https://failsafe-go.dev/adaptive-limiter/); the draining probe is one of BBR:
/// Cardwell, N. et al. (2016). [BBR: congestion-based congestion
/// control](https://doi.org/10.1145/3009824), ACM Queue 14(5).
struct GuardedLimit: Sendable {
  struct Settings: Hashable, Sendable {
    let bounds: LimitBounds
    /// By which share the limit grows while no round trip is longer than the baseline.
    let growth: Double
    /// Readings between two probes, at most.
    let probeEvery: Int
  }

  /// What was seen under a limit that was fully used.
  private struct Point {
    let limit: Int
    let roundTrip: Double
    let throughput: Double
  }

  /// The share of the limit that a probe lowers it to.
  private static let probeShare = 0.75
  /// By how much the limit must have been cut for both ends to be compared: more than chance does.
  private static let clearCut = 1.25

  private let settings: Settings
  /// The limit, without the probe.
  private var level: Double
  private var isProbing = false
  /// Nanoseconds; 0 before the first reading.
  private(set) var baseline = 0.0
  /// The reading before.
  private var before: Point?
  private var readingsToProbe = 2
  private var draw: Double

  init(_ settings: Settings, draw: Double) {
    self.settings = settings
    self.draw = draw
    level = settings.bounds.start
  }

  var limit: Double { isProbing ? probeLevel : level }

  private var probeLevel: Double {
    settings.bounds.clamp(min(level * Self.probeShare, level - 1))
  }

  mutating func update(_ reading: LimitWindow.Reading) {
    let point = point(of: reading)
    defer { before = isProbing || point != nil ? point : nil }
    guard !reading.hasOverload else {
      isProbing = false
      return level = settings.bounds.clamp(level * 0.9)
    }
    guard let roundTrip = reading.roundTrip else { return }
    if let before, let point, Double(before.limit) >= Double(point.limit) * Self.clearCut {
      judge(before, point)
    }
    if isProbing {
      isProbing = false
      return
    }
    if baseline == 0 || roundTrip < 0.75 * baseline { baseline = roundTrip }
    guard 2 * Double(reading.inFlight) >= level else { return }
    follow(roundTrip)
    probeIfDue(roundTrip)
  }

  /// The reading as something to compare, if the limit was what bounded it.
  private func point(of reading: LimitWindow.Reading) -> Point? {
    guard let roundTrip = reading.roundTrip, !reading.isClipped, !reading.hasOverload else {
      return nil
    }
    guard reading.inFlight >= Int(limit) else { return nil }
    return Point(limit: Int(limit), roundTrip: roundTrip, throughput: reading.throughput)
  }

  private mutating func judge(_ high: Point, _ low: Point) {
    // Both sides are powers times round trips, which are positive.
    let loweringWasRight = low.throughput * high.roundTrip >= high.throughput * low.roundTrip
    guard !loweringWasRight || low.roundTrip < baseline else { return }
    let change = low.roundTrip / baseline
    if (0.8...1.25).contains(change) {
      baseline = (baseline + low.roundTrip) / 2
    } else {
      baseline = low.roundTrip
      readingsToProbe = min(readingsToProbe, 2)
    }
  }

  private mutating func follow(_ roundTrip: Double) {
    let gradient = max(0.5, min(1, baseline / roundTrip))
    level = settings.bounds.clamp(level * gradient + max(1, level * settings.growth))
  }

  private mutating func probeIfDue(_ roundTrip: Double) {
    readingsToProbe -= 1
    guard readingsToProbe <= 0 else { return }
    readingsToProbe = max(2, Int((0.5 + draw / 2) * Double(settings.probeEvery)))
    draw = draw.nextDraw
    if settings.bounds.isLowest(level) {
      // There is nothing left to lower, so that what it takes here must be borne.
      baseline = roundTrip
    } else {
      isProbing = true
    }
  }
}

extension GuardedLimit.Settings: CustomStringConvertible {
  var description: String { "guarded, growth \(growth), probe every \(probeEvery), \(bounds)" }

  func validate() throws(InvalidSetting) {
    try bounds.validate()
    try check("growth", growth, in: 0.01...0.5)
    try check("readings between probes", probeEvery, in: 2...1_000_000)
  }
}
