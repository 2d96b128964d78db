import Resilience

/// A number that many tasks raise.
final class Tally: Sendable {
  private let count = Guarded(0)

  var value: Int { count.withLock { $0 } }

  /// Raises the number; the first one is 1.
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }

  func raise() { count.withLock { $0 += 1 } }
}
