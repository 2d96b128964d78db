/// Where a limit begins, and between which bounds it stays.
struct LimitBounds: Hashable, Sendable {
  let initial: Int
  let range: ClosedRange<Int>

  var start: Double { clamp(Double(initial)) }

  /// Whether the limit cannot become smaller.
  func isLowest(_ limit: Double) -> Bool { Int(limit) <= range.lowerBound }

  /// The nearest limit within the bounds; the lower bound for what is not a number.
  func clamp(_ limit: Double) -> Double {
    guard limit > Double(range.lowerBound) else { return Double(range.lowerBound) }
    return min(limit, Double(range.upperBound))
  }

  func validate() throws(InvalidSetting) {
    try check("lowest limit", range.lowerBound, in: 1...1_000_000)
    try check("highest limit", range.upperBound, in: 1...1_000_000)
    try check("initial limit", initial, in: range)
  }
}

extension Double {
  /// The whole part of the decimal logarithm, at least 1: 1 up to 99, 2 up to 999, and so on.
  ///
  /// How far Vegas lets a queue grow, and a limit step, at a limit of this size.
  var decimalStep: Double {
    var (rest, step) = (self / 100, 1.0)
    while rest >= 1 { (rest, step) = (rest / 10, step + 1) }
    return step
  }
}
