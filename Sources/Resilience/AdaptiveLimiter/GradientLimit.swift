/// The second gradient algorithm of Netflix: compares the present round trip with a long average.
///
///     gradient  = tolerance × long average / present, in 0.5...1
///     new limit = limit × (1 - smoothing) + (limit × gradient + queue) × smoothing
///
/// At a limit of 50, a long average of 100 ms and a present round trip of 300 ms, with the defaults:
/// the gradient is 0.5, and the limit becomes 40 + 29 × 0.2 = 45.8.
///
/// An overload counts as a gradient of 0.5 and no queue: its authors' rule does not look at it.
///
/// ## Source
/// [Gradient2Limit](https://github.com/Netflix/concurrency-limits) of Netflix's concurrency-limits.
struct GradientLimit: Sendable {
  struct Settings: Hashable, Sendable {
    let bounds: LimitBounds
    let tolerance: Double
    let smoothing: Double
    let queue: Int
    /// Readings over which the long average reaches.
    let longWindow: Int
  }

  /// Readings whose plain average the long average begins with.
  private static let warmUp = 10

  private let settings: Settings
  private(set) var limit: Double
  /// Nanoseconds.
  private(set) var longAverage = 0.0
  private var readings = 0

  init(_ settings: Settings) {
    self.settings = settings
    limit = settings.bounds.start
  }

  mutating func update(_ reading: LimitWindow.Reading) {
    guard !reading.hasOverload else { return move(to: limit / 2) }
    guard let present = reading.roundTrip else { return }
    remember(present)
    // The callee has become quicker: the long average must not take as long to see it.
    if longAverage > 2 * present { longAverage *= 0.95 }
    guard 2 * Double(reading.inFlight) >= limit else { return }
    let gradient = max(0.5, min(1, settings.tolerance * longAverage / present))
    move(to: limit * gradient + Double(settings.queue))
  }

  private mutating func remember(_ present: Double) {
    if readings < Self.warmUp { readings += 1 }
    let weight =
      readings < Self.warmUp ? 1 / Double(readings) : 2 / Double(settings.longWindow + 1)
    longAverage += (present - longAverage) * weight
  }

  private mutating func move(to target: Double) {
    limit = settings.bounds.clamp(limit + (target - limit) * settings.smoothing)
  }
}

extension GradientLimit.Settings: CustomStringConvertible {
  var description: String {
    "gradient, tolerance \(tolerance), smoothing \(smoothing), queue \(queue), "
      + "long window \(longWindow), \(bounds)"
  }

  func validate() throws(InvalidSetting) {
    try bounds.validate()
    try check("tolerance", tolerance, in: 1...10)
    try check("smoothing", smoothing, in: 0.01...1)
    try check("queue at the callee", queue, in: 1...1_000_000)
    try check("long window", longWindow, in: 1...1_000_000)
  }
}
