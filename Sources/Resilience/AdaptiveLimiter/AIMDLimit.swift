/// Additive increase, multiplicative decrease.
///
/// Increases by one after each round of calls, which is as many as the limit, that began with at
/// least half of the limit in flight and went well. Decreases by the factor `backoff`, at most once
/// per round: a call that began before the last decrease is evidence against the limit before it.
///
/// With a limit of 10 and a back-off of 0.9: ten good calls lead to 11, ten bad ones of one round to
/// 9.
struct AIMDLimit: Sendable {
  struct Settings: Hashable, Sendable {
    let bounds: LimitBounds
    let backoff: Double
    /// Nanoseconds; `nil` when slowness does not matter.
    let slowAfter: Int64?
  }

  private let settings: Settings
  private(set) var limit: Double
  /// Good calls since the limit last changed.
  private var good = 0
  /// When the limit was last decreased.
  private var decreased = Moment.distantPast

  init(_ settings: Settings) {
    self.settings = settings
    limit = settings.bounds.start
  }

  mutating func record(_ sample: LimitSample) {
    if sample.isOverload || isSlow(sample) {
      guard sample.began > decreased else { return }
      (decreased, good) = (sample.now, 0)
      limit = settings.bounds.clamp(limit * settings.backoff)
    } else if 2 * Double(sample.inFlight) >= limit {
      good += 1
      guard good >= Int(limit) else { return }
      good = 0
      limit = settings.bounds.clamp(limit + 1)
    }
  }

  private func isSlow(_ sample: LimitSample) -> Bool {
    guard let slowAfter = settings.slowAfter else { return false }
    return sample.roundTrip > slowAfter
  }
}

extension AIMDLimit.Settings: CustomStringConvertible {
  var description: String {
    let slow = slowAfter.map { ", slow after \(Duration.nanoseconds($0))" } ?? ""
    return "additive increase, multiplicative decrease × \(backoff)\(slow), \(bounds)"
  }

  func validate() throws(InvalidSetting) {
    try bounds.validate()
    try check("back-off", backoff, in: 0.1...0.99)
    if let slowAfter {
      try check("slow after", Duration.nanoseconds(slowAfter), atLeast: .nanoseconds(1))
    }
  }
}

extension LimitBounds: CustomStringConvertible {
  var description: String { "from \(initial) in \(range.lowerBound)...\(range.upperBound)" }
}
