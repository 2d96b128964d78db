private import Synchronization

/// How much room of a ``Keyed`` is taken, and what became of its entries.
final class KeyedCounts: Sendable {
  enum Happening {
    case created, evicted, expired, removed, overflowed
  }

  /// Entries there are, and those for which room is kept.
  private let taken = Atomic<Int>(0)
  private let created = Atomic<Int>(0)
  private let evicted = Atomic<Int>(0)
  private let expired = Atomic<Int>(0)
  private let removed = Atomic<Int>(0)
  private let overflowed = Atomic<Int>(0)

  var roomTaken: Int { taken.load(ordering: .relaxed) }

  /// Takes room for one more entry, unless `limit` are there.
  func takeRoom(upTo limit: Int) -> Bool {
    var seen = taken.load(ordering: .relaxed)
    while seen < limit {
      let (exchanged, original) = taken.weakCompareExchange(
        expected: seen,
        desired: seen + 1,
        ordering: .relaxed
      )
      if exchanged { return true }
      seen = original
    }
    return false
  }

  /// Gives the room of entries back that are there no more.
  func giveRoom(_ number: Int) {
    taken.subtract(number, ordering: .relaxed)
  }

  func note(_ happening: Happening, _ number: Int = 1) {
    switch happening {
    case .created: created.add(number, ordering: .relaxed)
    case .evicted: evicted.add(number, ordering: .relaxed)
    case .expired: expired.add(number, ordering: .relaxed)
    case .removed: removed.add(number, ordering: .relaxed)
    case .overflowed: overflowed.add(number, ordering: .relaxed)
    }
  }

  var statistics: KeyedStatistics {
    KeyedStatistics(
      created: created.load(ordering: .relaxed),
      evicted: evicted.load(ordering: .relaxed),
      expired: expired.load(ordering: .relaxed),
      removed: removed.load(ordering: .relaxed),
      overflowed: overflowed.load(ordering: .relaxed)
    )
  }
}
