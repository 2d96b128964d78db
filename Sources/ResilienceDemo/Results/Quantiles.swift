/// What many durations have in common, in milliseconds, exact.
///
/// The quantile is the nearest rank: of n samples in ascending order, p % is the one at place
/// ⌈p · n / 100⌉, the first being 1. Of 200 samples p99 is the 198th, of 3 the third.
struct Quantiles: Codable, Equatable, Sendable {
  let samples: Int
  let p50Milliseconds: Double
  let p99Milliseconds: Double
  let maxMilliseconds: Double

  /// Sorts the samples.
  ///
  /// - Returns: `nil` if there are none.
  /// - Complexity: O(n log n) in the number of samples.
  init?(_ samples: [Duration]) {
    let sorted = samples.sorted()
    guard let p50 = sorted.nearestRank(percent: 50), let p99 = sorted.nearestRank(percent: 99),
      let last = sorted.last
    else { return nil }
    self.samples = sorted.count
    p50Milliseconds = p50.milliseconds
    p99Milliseconds = p99.milliseconds
    maxMilliseconds = last.milliseconds
  }
}

extension Array where Element: Comparable {
  /// The quantile of a sorted array by nearest rank.
  ///
  /// - Parameter percent: In 1...100.
  /// - Returns: `nil` if the array is empty.
  func nearestRank(percent: Int) -> Element? {
    guard !isEmpty else { return nil }
    return self[(count * percent + 99) / 100 - 1]
  }
}
