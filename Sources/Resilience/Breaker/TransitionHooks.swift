private import Synchronization

/// What is to be done at each transition of a breaker, in the order of registration.
final class TransitionHooks: Sendable {
  typealias Hook = @Sendable (BreakerTransition) async -> Void

  private struct State {
    var nextID = 0
    var hooks: [(id: Int, hook: Hook)] = []
  }

  private let state = Guarded(State())
  private let count = Atomic<Int>(0)

  /// Whether anyone listens.
  var isNeeded: Bool { count.load(ordering: .relaxed) > 0 }

  /// The hooks there are now.
  var all: [Hook] { state.withLock { $0.hooks.map(\.hook) } }

  func add(_ hook: @escaping Hook) -> HookRegistration {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      state.hooks.append((state.nextID, hook))
      count.store(state.hooks.count, ordering: .relaxed)
      return state.nextID
    }
    return HookRegistration { [weak self] in self?.remove(id) }
  }

  private func remove(_ id: Int) {
    state.withLock { state in
      state.hooks.removeAll { $0.id == id }
      count.store(state.hooks.count, ordering: .relaxed)
    }
  }
}

/// A hook that was registered; it stays so until it is cancelled, whether this value is kept or not.
public struct HookRegistration: Sendable {
  private let remove: @Sendable () -> Void

  init(remove: @escaping @Sendable () -> Void) {
    self.remove = remove
  }

  /// Removes the hook; an announcement under way may still reach it.
  public func cancel() { remove() }
}
