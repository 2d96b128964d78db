/// The latencies of the latest calls, and their quantiles, as a value.
///
/// - Complexity: O(1) per call; O(n log n) for a quantile, which is found anew every 16 calls.
struct LatencyWindow: Sendable {
  private static let size = 128
  private static let fewest = 16

  private var ring: [Duration] = []
  private var next = 0
  private var sinceSorted = 0
  private var sorted: [Duration] = []

  mutating func record(_ latency: Duration) {
    if ring.count < Self.size { ring.append(latency) } else { ring[next] = latency }
    next = (next + 1) % Self.size
    sinceSorted += 1
    if sinceSorted >= Self.fewest {
      sinceSorted = 0
      sorted = ring.sorted()
    }
  }

  /// The latency that this share of the calls did not exceed, by nearest rank; `nil` for too few.
  func quantile(_ share: Double) -> Duration? {
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}
