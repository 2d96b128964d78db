private import Synchronization

/// Those who wait for a half-open circuit's decision, or for a probe's place.
final class BreakerLine: Sendable {
  /// One who waits: woken to ask again, or cancelled.
  final class Waiter: Alarm {
    enum Waking: Sendable {
      case askAgain, cancelled
    }

    private let slot = AlarmSlot()
    var queueIndex: Int? {
      get { slot.index }
      set { slot.index = newValue }
    }
    fileprivate let parked = Parked<Waking>()

    func ring() { parked.resume(with: .askAgain) }
  }

  private let queue = Guarded(WaitQueue<Waiter>())
  private let count = Atomic<Int>(0)

  /// The number of those who wait.
  var waiting: Int { count.load(ordering: .relaxed) }

  /// Joins the line.
  ///
  /// - Returns: The place, or `nil` when there are `limit` already.
  func join(_ waiter: Waiter, limit: Int) -> WaitQueue<Waiter>.Place? {
    queue.withLock { queue in
      guard queue.count < limit else { return nil }
      count.store(queue.count + 1, ordering: .sequentiallyConsistent)
      return queue.append(waiter)
    }
  }

  func leave(_ place: WaitQueue<Waiter>.Place) {
    queue.withLock { queue in
      queue.remove(place)
      count.store(queue.count, ordering: .sequentiallyConsistent)
    }
  }

  /// Waits until there is reason to ask again.
  ///
  /// - Throws: `CancellationError`.
  func wait(_ waiter: Waiter, until moment: Moment, on timeline: Timeline) async throws {
    timeline.schedule(waiter, at: moment)
    let waking = await withTaskCancellationHandler {
      await waiter.parked.wait()
    } onCancel: {
      waiter.parked.resume(with: .cancelled)
    }
    timeline.cancel(waiter)
    if waking == .cancelled { throw CancellationError() }
  }

  /// Lets the first in the line ask again, or all of them.
  func wake(all: Bool) {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    while let waiter = popFirst() {
      let isAwake = waiter.parked.resume(with: .askAgain)
      if isAwake && !all { return }
    }
  }

  private func popFirst() -> Waiter? {
    queue.withLock { queue in
      let first = queue.popFirst()
      count.store(queue.count, ordering: .sequentiallyConsistent)
      return first
    }
  }
}
