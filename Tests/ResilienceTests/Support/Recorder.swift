import Resilience

/// What happened, in order, from any number of tasks.
final class Recorder<Element: Sendable>: Sendable {
  private let elements = Guarded<[Element]>([])

  var all: [Element] { elements.withLock { $0 } }
  var count: Int { all.count }

  func callAsFunction(_ element: Element) {
    elements.withLock { $0.append(element) }
  }
}

/// A number that any number of tasks may change.
final class Counter: Sendable {
  private let state = Guarded((now: 0, highest: 0))

  var value: Int { state.withLock { $0.now } }
  var highest: Int { state.withLock { $0.highest } }

  @discardableResult
  func add(_ step: Int = 1) -> Int {
    state.withLock { state in
      state.now += step
      state.highest = max(state.highest, state.now)
      return state.now
    }
  }
}
