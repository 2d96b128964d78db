/// TCP Vegas for calls: keeps a few of them queued at the callee, and no more.
///
/// The calls that wait at the callee are estimated from how much longer a round trip takes than the
/// shortest one seen, `limit × (1 - shortest / average)`. With *s* = 1 for limits up to 99, 2 up to
/// 999, and so on, the limit grows by 6 *s* when at most *s* wait, by *s* when fewer than 3 *s* do,
/// and shrinks by *s* when more than 6 *s* do. At a limit of 20 and round trips of 100 ms, shortest
/// 80 ms, four calls wait, and the limit stays.
///
/// The shortest round trip is taken anew from the present one after some 15 to 30 readings for each
/// place of the limit, in case the callee has become slower.
///
/// ## Source
/// Brakmo, L. S. & Peterson, L. L. (1995). [TCP Vegas: end to end congestion avoidance on a global
/// Internet](https://doi.org/10.1109/49.464716), IEEE Journal on Selected Areas in Communications
/// 13(8); the steps are those of Netflix's
/// [concurrency-limits](https://github.com/Netflix/concurrency-limits).
struct VegasLimit: Sendable {
  struct Settings: Hashable, Sendable {
    let bounds: LimitBounds
    /// Readings per place of the limit until the shortest round trip is taken anew, at most.
    let probeMultiplier: Int
  }

  private let settings: Settings
  private(set) var limit: Double
  /// The shortest round trip in nanoseconds; 0 before the first reading.
  private(set) var shortest = 0.0
  private var readings = 0
  private var draw: Double

  init(_ settings: Settings, draw: Double) {
    self.settings = settings
    self.draw = draw
    limit = settings.bounds.start
  }

  mutating func update(_ reading: LimitWindow.Reading) {
    guard !reading.hasOverload else { return step(by: -limit.decimalStep) }
    guard let roundTrip = reading.roundTrip else { return }
    readings += 1
    if isProbeDue {
      (readings, shortest, draw) = (0, roundTrip, draw.nextDraw)
    } else if shortest == 0 || roundTrip < shortest {
      shortest = roundTrip
    } else if 2 * Double(reading.inFlight) >= limit {
      adjust(to: roundTrip)
    }
  }

  private var isProbeDue: Bool {
    Double(readings) >= (0.5 + draw / 2) * Double(settings.probeMultiplier) * limit
  }

  private mutating func adjust(to roundTrip: Double) {
    let unit = limit.decimalStep
    let waiting = (limit * (1 - shortest / roundTrip)).rounded(.up)
    if waiting <= unit {
      step(by: 6 * unit)
    } else if waiting < 3 * unit {
      step(by: unit)
    } else if waiting > 6 * unit {
      step(by: -unit)
    }
  }

  private mutating func step(by step: Double) {
    limit = settings.bounds.clamp(limit + step)
  }
}

extension VegasLimit.Settings: CustomStringConvertible {
  var description: String { "Vegas, probe multiplier \(probeMultiplier), \(bounds)" }

  func validate() throws(InvalidSetting) {
    try bounds.validate()
    try check("probe multiplier", probeMultiplier, in: 1...1_000_000)
  }
}

extension Double {
  /// The draw after this one: successive ones fill 0 ..< 1 evenly, and need no generator.
  ///
  /// ## Source
  /// Weyl's additive sequence with the golden ratio: Knuth, D. E. (1998). *The Art of Computer
  /// Programming*, volume 3, section 6.4, exercise 9.
  var nextDraw: Double { (self + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) }
}
