package import Resilience

/// Time that moves only when it is moved.
package final class ManualTime: TimeSource {
  private struct State {
    typealias Watcher = CheckedContinuation<Void, Never>

    var now = Moment.origin
    var queue = AlarmQueue()
    var watchers: [(count: Int, watcher: Watcher)] = []

    mutating func takeNext(upTo end: Moment) -> (any Alarm)? {
      guard let earliest = queue.earliest, earliest <= end else { return nil }
      now = max(now, earliest)
      return queue.takeDue(at: end)
    }

    mutating func takeSatisfiedWatchers() -> [Watcher] {
      let count = queue.count
      let satisfied = watchers.filter { $0.count <= count }.map(\.watcher)
      watchers.removeAll { $0.count <= count }
      return satisfied
    }
  }

  private let state = Guarded(State())

  package init() {}

  package var now: Moment { state.withLock { $0.now } }

  /// The number of alarms scheduled.
  package var alarms: Int { state.withLock { $0.queue.count } }

  package func schedule(_ alarm: any Alarm, at moment: Moment) {
    let satisfied = state.withLock { state in
      state.queue.schedule(alarm, at: moment)
      return state.takeSatisfiedWatchers()
    }
    for watcher in satisfied { watcher.resume() }
  }

  package func cancel(_ alarm: any Alarm) {
    state.withLock { $0.queue.cancel(alarm) }
  }

  package func advance(by duration: Duration) {
    let end = now.advanced(by: duration)
    // One at a time, so that an alarm which sets another within the step finds its own time.
    while let alarm = state.withLock({ $0.takeNext(upTo: end) }) { alarm.ring() }
    state.withLock { $0.now = max($0.now, end) }
  }

  package func alarms(atLeast count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.queue.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}
