/// Gathers samples until there are enough for a decision, in constant memory.
///
/// Single calls differ too much to be compared. A window closes when it has lasted for its length,
/// and for twice the average round trip, and holds enough samples. It averages, since it is the
/// average that Little's law ties to in-flight calls and throughput. A sample counts at most
/// `clip` times the average of the window before, so that one call that hung does not outweigh
/// all others.
///
/// An overloaded call is counted, but its time is not: a refusal is quick, however slow the callee.
struct LimitWindow: Sendable {
  struct Settings: Hashable, Sendable {
    /// Nanoseconds that a window lasts at least.
    let length: Int64
    /// Samples that it holds at least.
    let samples: Int
    /// How many times the previous average a sample may count; `nil` when it always counts fully.
    var clip: Double?

    init(length: Duration, samples: Int, clip: Double? = nil) {
      self.length = length.clampedNanoseconds
      self.samples = samples
      self.clip = clip
    }

    func validate() throws(InvalidSetting) {
      try check("window", Duration.nanoseconds(length), atLeast: .nanoseconds(1))
      try check("samples of a window", samples, in: 1...1_000_000)
    }
  }

  /// What the samples of a window say together.
  struct Reading: Hashable, Sendable {
    /// Average round trip in nanoseconds, at least 1; `nil` when all calls were overloaded.
    let roundTrip: Double?
    /// Calls that ended in a nanosecond; 0 when the window had no length.
    let throughput: Double
    /// The most calls that were in flight as one began.
    let inFlight: Int
    let hasOverload: Bool
    /// Whether so many samples were clipped that the average is not to be compared with others.
    let isClipped: Bool
    let now: Moment
  }

  private let settings: Settings
  private var count = 0
  private var overloads = 0
  private var clipped = 0
  private var sum = 0.0
  private var inFlight = 0
  /// When the first sample came.
  private var opened = Moment.origin
  /// Samples before this moment are of calls that began under another limit.
  private var settled = Moment.distantPast
  private var ceiling = Double.infinity

  init(_ settings: Settings) {
    self.settings = settings
  }

  /// Begins anew with the samples that come later than `moment`.
  mutating func settle(until moment: Moment) {
    clear()
    settled = moment
  }

  /// Takes a sample.
  ///
  /// - Returns: What the window says, when this sample closes it.
  mutating func add(_ sample: LimitSample) -> Reading? {
    guard sample.now > settled else { return nil }
    if count + overloads == 0 { opened = sample.now }
    inFlight = max(inFlight, sample.inFlight)
    if sample.isOverload {
      overloads += 1
    } else {
      let time = Double(sample.roundTrip)
      if time > ceiling { clipped += 1 }
      sum += min(time, ceiling)
      count += 1
    }
    guard count + overloads >= settings.samples else { return nil }
    let length = opened.nanoseconds(to: sample.now)
    guard length >= settings.length, count == 0 || Double(length) >= 2 * sum / Double(count) else {
      return nil
    }
    let reading = reading(length: length, now: sample.now)
    if let clip = settings.clip, let average = reading.roundTrip { ceiling = clip * average }
    clear()
    return reading
  }

  private func reading(length: Int64, now: Moment) -> Reading {
    Reading(
      roundTrip: count == 0 ? nil : max(1, sum / Double(count)),
      throughput: length > 0 ? Double(count + overloads - 1) / Double(length) : 0,
      inFlight: inFlight,
      hasOverload: overloads > 0,
      isClipped: clipped * 4 > count,
      now: now
    )
  }

  private mutating func clear() {
    (count, overloads, clipped, inFlight, sum) = (0, 0, 0, 0, 0)
  }
}
