/// A task that waits to be resumed with a value, once, by whoever comes first.
///
///     empty ──resume──▶ resumed (the wait returns at once)
///       └──wait──▶ waiting ──resume──▶ resumed
package final class Parked<Value: Sendable>: Sendable {
  private enum State {
    /// Leaves for `waiting`, or for `resumed` when someone is quicker than the task.
    case empty
    /// Leaves for `resumed`.
    case waiting(CheckedContinuation<Value, Never>)
    case resumed(Value)
  }

  private let state = Guarded(State.empty)

  package init() {}

  /// Whether a value has been given.
  package var isResumed: Bool {
    state.withLock { if case .resumed = $0 { true } else { false } }
  }

  /// The value, if it has been given.
  package var value: Value? {
    state.withLock { if case .resumed(let value) = $0 { value } else { nil } }
  }

  /// Waits for the value; only one task may, once.
  package func wait() async -> Value {
    await withCheckedContinuation { continuation in
      let early: Value? = state.withLock { state in
        if case .resumed(let value) = state { return value }
        state = .waiting(continuation)
        return nil
      }
      if let early { continuation.resume(returning: early) }
    }
  }

  /// Gives the value.
  ///
  /// - Returns: Whether this was the first, and so the one that counts.
  @discardableResult
  package func resume(with value: Value) -> Bool {
    let (isFirst, continuation) = state.withLock { state in
      let before = state
      switch before {
      case .empty:
        state = .resumed(value)
        return (true, CheckedContinuation<Value, Never>?.none)
      case .waiting(let continuation):
        state = .resumed(value)
        return (true, continuation)
      case .resumed:
        return (false, nil)
      }
    }
    continuation?.resume(returning: value)
    return isFirst
  }
}
