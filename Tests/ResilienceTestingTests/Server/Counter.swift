import Resilience

/// Counts from any thread.
final class Counter: Sendable {
  private let count = Guarded(0)

  var value: Int { count.withLock { $0 } }

  func increment() { count.withLock { $0 += 1 } }
}
