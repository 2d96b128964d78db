internal import Resilience

/// Where tasks wait until a count has been reached.
final class MeetingPoint: Sendable {
  private struct Waiter {
    let count: Int
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var reached = 0
    var nextID = 0
    var waiters: [Int: Waiter] = [:]
    var cancelledEarly: Set<Int> = []
  }

  private let state = Guarded(State())

  /// Raises the count; it never falls.
  func reach(_ count: Int) {
    let due = state.withLock { state in
      state.reached = max(state.reached, count)
      let due = state.waiters.filter { $0.value.count <= state.reached }
      for id in due.keys { state.waiters[id] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  /// Waits until the count has reached `count`, or the task is cancelled.
  func wait(for count: Int) async {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          if state.reached >= count || state.cancelledEarly.contains(id) { return true }
          state.waiters[id] = Waiter(count: count, continuation: continuation)
          return false
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.cancelledEarly.insert(id)
        return state.waiters.removeValue(forKey: id)
      }
      waiter?.continuation.resume()
    }
    state.withLock { _ = $0.cancelledEarly.remove(id) }
  }
}
