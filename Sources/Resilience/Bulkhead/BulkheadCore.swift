public import Synchronization

/// The places of a ``Bulkhead`` and the queue for them.
///
/// One word holds how many calls run, and whether anyone waits. While nobody waits, a place is
/// taken and given back by a single exchange. While someone does, newcomers join the queue and
/// places are handed over under the lock, so that nobody overtakes.
@usableFromInline
final class BulkheadCore: Sendable {
  /// Set in the word while the queue is not empty; changed under the lock only.
  @usableFromInline static let waiting: UInt64 = 1 << 63

  @usableFromInline let word = Atomic<UInt64>(0)
  @usableFromInline let limit: UInt64
  private let queueLimit: Int
  private let queue = Guarded(WaitQueue<BulkheadWaiter>())

  init(limit: Int, queueLimit: Int) {
    self.limit = UInt64(limit)
    self.queueLimit = queueLimit
  }

  var running: Int { Int(word.load(ordering: .relaxed) & ~Self.waiting) }

  var queued: Int { queue.withLock { $0.count } }

  /// Takes a place if one is free and nobody waits.
  @inlinable
  func enter() -> Bool {
    var seen = word.load(ordering: .relaxed)
    // With someone waiting the word is greater than any limit.
    while seen < limit {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: seen + 1,
        ordering: .acquiring
      )
      if exchanged { return true }
      seen = original
    }
    return false
  }

  /// Gives a place back, to the first who waits.
  @inlinable
  func leave() {
    var seen = word.load(ordering: .relaxed)
    while seen < Self.waiting {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: seen - 1,
        ordering: .releasing
      )
      if exchanged { return }
      seen = original
    }
    handOver()
  }

  enum Entry {
    case entered
    case queued(WaitQueue<BulkheadWaiter>.Place)
    case full
  }

  /// Takes a place, or joins the queue for one.
  func enter(or waiter: BulkheadWaiter) -> Entry {
    queue.withLock { queue in
      while true {
        if enter() { return .entered }
        guard queue.count < queueLimit else { return .full }
        if announceQueue() { return .queued(queue.append(waiter)) }
      }
    }
  }

  /// Leaves the queue without a place.
  func forget(_ place: WaitQueue<BulkheadWaiter>.Place) {
    queue.withLock { queue in
      queue.remove(place)
      if queue.isEmpty { word.bitwiseAnd(~Self.waiting, ordering: .relaxed) }
    }
  }

  /// Gives a place to the first in the queue who still wants it, or else back.
  @usableFromInline
  func handOver() {
    while true {
      let waiter = queue.withLock { queue in
        let first = queue.popFirst()
        if first == nil { word.subtract(1, ordering: .releasing) }
        if queue.isEmpty { word.bitwiseAnd(~Self.waiting, ordering: .releasing) }
        return first
      }
      guard let waiter, !waiter.end(.granted) else { return }
    }
  }

  /// Says that someone is about to wait, unless a place has become free meanwhile.
  private func announceQueue() -> Bool {
    var seen = word.load(ordering: .relaxed)
    while seen >= limit {
      if seen & Self.waiting != 0 { return true }
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: seen | Self.waiting,
        ordering: .relaxed
      )
      if exchanged { return true }
      seen = original
    }
    return false
  }
}
