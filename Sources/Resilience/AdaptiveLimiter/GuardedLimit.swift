/// A gradient whose baseline is found by experiment, so that it does not drift.
///
/// A baseline that follows the round trips takes the latency of a saturated callee for the new
/// normal, and the limit rises with it, for ever. This one learns from *probes*: now and then, and
/// whenever the limit has been cut by a tenth or more, one reading is taken under four fifths of the
/// limit, and compared with the next one under the whole of it:
///
///     near the baseline  ──▶ the baseline moves a little towards it, or all the way if it is new
///     below the baseline ──▶ the new baseline: it takes no longer than that
///     above it, and the whole limit had the greater power ──▶ the new baseline: fewer calls
///         did not help, the callee itself takes that long
///     above it otherwise ──▶ calls queue at the callee: the baseline stays
///
/// *Power* is throughput ÷ round trip. It grows with the calls in flight until the callee is just
/// busy, and falls from there, so that comparing two powers says on which side one is.
///
/// In between the limit follows the gradient: `limit × 1.05 × baseline / round trip` (the quotient
/// in 0.5...1), plus `growth` of it. At a limit of 40 and round trips of 210 ms, the baseline being
/// 100 ms, it becomes 20 + 2 = 22. It comes to rest a tenth above what the callee can do at a time.
///
/// There it cannot drift: if the baseline were too long by a factor *f* > 1.2, the probe would find
/// calls that take 0.9 *f*, and *f* would shrink.
///
/// ## Source
/// Kleinrock, L. (1979). Power and deterministic rules of thumb for probabilistic problems in
/// computer communications, IEEE ICC ’79. The gradient is that of Netflix's
/// [concurrency-limits](https://github.com/Netflix/concurrency-limits); to look at how in-flight
/// calls, throughput and round trips go together is an idea of
/// [failsafe-go](https://failsafe-go.dev/adaptive-limiter/); to lower the limit in order to find the
/// baseline is one of BBR: Cardwell, N. et al. (2016). [BBR: congestion-based congestion
/// control](https://doi.org/10.1145/3009824), ACM Queue 14(5).
struct GuardedLimit: Sendable {
  struct Settings: Hashable, Sendable {
    let bounds: LimitBounds
    /// By which share of itself the limit grows from one reading to the next.
    let growth: Double
    /// Readings from one probe to the next, at most.
    let probeEvery: Int
  }

  private enum Phase {
    /// Follows the gradient. Leaves for `probing` when a probe is due.
    case steady
    /// The next reading is under the lowered limit. Leaves for `comparing`.
    case probing
    /// The next reading is under the whole limit, and judges the probe. Leaves for `steady`.
    case comparing(Point)
  }

  /// What was seen under a limit that was fully used.
  private struct Point {
    let roundTrip: Double
    let power: Double
  }

  /// Round trips that exceed the baseline by less than this are chance.
  private static let tolerance = 1.05
  private static let probeShare = 0.8
  /// Probes this near to the baseline agree with it.
  private static let agreement = 0.88...1.12
  /// By how much a probe that agrees moves the baseline.
  private static let weight = 0.3

  private let settings: Settings
  /// The limit, when there is no probe.
  private var level: Double
  private var phase = Phase.steady
  /// Nanoseconds; 0 before the first reading.
  private(set) var baseline = 0.0
  /// Whether no probe has agreed with the baseline yet.
  private var isNew = true
  /// Whether the last reading was so much below the baseline that the next may go on with it.
  private var isFalling = false
  private var readingsToProbe = 2
  private var draw: Double

  init(_ settings: Settings, draw: Double) {
    self.settings = settings
    self.draw = draw
    level = settings.bounds.start
  }

  /// The limit at this moment; during a probe the lowered one.
  var limit: Double {
    guard case .probing = phase else { return level }
    return settings.bounds.clamp(min(level * Self.probeShare, level - 1))
  }

  mutating func update(_ reading: LimitWindow.Reading) {
    let point = point(of: reading)
    let was = phase
    phase = .steady
    guard !reading.hasOverload else { return level = settings.bounds.clamp(level * 0.9) }
    switch was {
    case .probing:
      if let point { phase = .comparing(point) }
      return
    case .comparing(let probe):
      if let point { judge(probe, against: point) }
    case .steady: break
    }
    guard let roundTrip = reading.roundTrip else { return }
    fall(to: roundTrip)
    guard 2 * Double(reading.inFlight) >= level else { return }
    let before = level
    follow(roundTrip)
    probeIfDue(roundTrip, isCut: level < 0.9 * before)
  }

  /// The reading as something to compare, if it was the limit that bounded the calls in flight.
  private func point(of reading: LimitWindow.Reading) -> Point? {
    guard let roundTrip = reading.roundTrip, !reading.isClipped else { return nil }
    guard reading.inFlight >= Int(limit) else { return nil }
    return Point(roundTrip: roundTrip, power: reading.throughput / roundTrip)
  }

  private mutating func judge(_ probe: Point, against whole: Point) {
    let change = probe.roundTrip / baseline
    if Self.agreement.contains(change) {
      baseline += (probe.roundTrip - baseline) * (isNew ? 1 : Self.weight)
      isNew = false
    } else if change < 1 || probe.power < whole.power {
      begin(with: probe.roundTrip)
    }
  }

  /// Takes a round trip that is clearly shorter for the baseline, without a probe.
  private mutating func fall(to roundTrip: Double) {
    let isShorter = roundTrip < (isFalling ? 1 : 0.75) * baseline
    isFalling = isShorter
    if isShorter || baseline == 0 { begin(with: roundTrip) }
  }

  /// Takes another baseline, to be probed soon.
  private mutating func begin(with roundTrip: Double) {
    (baseline, isNew) = (roundTrip, true)
    readingsToProbe = min(readingsToProbe, 2)
  }

  private mutating func follow(_ roundTrip: Double) {
    let gradient = max(0.5, min(1, Self.tolerance * baseline / roundTrip))
    level = settings.bounds.clamp(level * gradient + max(0.5, level * settings.growth))
  }

  private mutating func probeIfDue(_ roundTrip: Double, isCut: Bool) {
    readingsToProbe -= 1
    guard isCut || readingsToProbe <= 0 else { return }
    readingsToProbe = max(2, Int((0.5 + draw / 2) * Double(settings.probeEvery)))
    draw = draw.nextDraw
    if settings.bounds.isLowest(level) {
      // There is nothing left to lower, so that what it takes here must be borne.
      (baseline, isNew) = (roundTrip, true)
    } else {
      phase = .probing
    }
  }
}

extension GuardedLimit.Settings: CustomStringConvertible {
  var description: String { "guarded, growth \(growth), probe every \(probeEvery), \(bounds)" }

  func validate() throws(InvalidSetting) {
    try bounds.validate()
    try check("growth", growth, in: 0.01...0.5)
    try check("readings between probes", probeEvery, in: 4...1_000_000)
  }
}
