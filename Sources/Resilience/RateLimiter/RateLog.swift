/// Weights and the moments at which they were taken, oldest first, in a ring that grows as needed.
struct RateLog: Sendable {
  struct Entry: Sendable {
    let moment: Moment
    var weight: Int
  }

  private var ring: [Entry] = []
  private var first = 0

  /// The number of moments at which something was taken.
  private(set) var count = 0

  /// The entry at a position; 0 is the oldest.
  subscript(position: Int) -> Entry { ring[slot(position)] }

  /// Appends an entry, or adds its weight to the last one of the same moment; O(1) amortised.
  mutating func append(_ entry: Entry) {
    if count > 0, ring[slot(count - 1)].moment == entry.moment {
      ring[slot(count - 1)].weight += entry.weight
      return
    }
    if count == ring.count { grow(with: entry) }
    ring[slot(count)] = entry
    count += 1
  }

  /// Takes the oldest entry out; there must be one.
  mutating func removeFirst() -> Entry {
    let entry = ring[first]
    first = slot(1)
    count -= 1
    return entry
  }

  private func slot(_ position: Int) -> Int {
    let index = first + position
    return index < ring.count ? index : index - ring.count
  }

  /// Doubles the ring, its oldest entry first.
  private mutating func grow(with filler: Entry) {
    var larger: [Entry] = []
    larger.reserveCapacity(max(8, 2 * count))
    for position in 0..<count { larger.append(self[position]) }
    larger.append(contentsOf: repeatElement(filler, count: max(8, 2 * count) - count))
    ring = larger
    first = 0
  }
}
