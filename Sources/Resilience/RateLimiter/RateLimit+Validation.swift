extension RateLimit {
  private static let longest = Duration.seconds(366 * 86_400)
  private static let longestRefill = longest * 100
  private static let mostPerSecond = 1_000_000

  /// Checks the limit.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try check("permits", permits, in: 1...1_000_000)
    try check("permits per", per, in: .microseconds(1)...Self.longest)
    guard Duration.seconds(1) * permits <= per * Self.mostPerSecond else {
      let rate = Double(permits) / (per / .seconds(1))
      throw InvalidSetting("permits per second", rate, allowed: "at most \(Self.mostPerSecond)")
    }
    switch kind {
    case .tokenBucket(let burst):
      try check("burst", burst, in: 1...1_000_000)
      guard .nanoseconds(interval) * burst <= Self.longestRefill else {
        throw InvalidSetting(
          "time to refill the burst",
          .nanoseconds(interval) * burst,
          allowed: "at most \(Self.longestRefill)"
        )
      }
    case .smooth(let warmUp, let coldFactor):
      try check("warm-up", warmUp, in: .zero...Self.longest)
      try check("cold factor", coldFactor, in: 1...100)
    case .fixedWindow, .slidingWindow:
      break
    }
  }

  /// Nanoseconds between two permits, rounded up, so that the rate is never exceeded.
  ///
  /// At least 1000 for a valid limit: by rounding, the rate falls short by less than 0.1 %.
  var interval: Int64 {
    let (whole, rest) = span.quotientAndRemainder(dividingBy: Int64(permits))
    return rest > 0 ? whole + 1 : whole
  }

  /// `per` in nanoseconds, rounded up.
  var span: Int64 {
    let nanoseconds = per.clampedNanoseconds
    return .nanoseconds(nanoseconds) < per ? nanoseconds + 1 : nanoseconds
  }
}
