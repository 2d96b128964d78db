/// Objects that are remembered as long as someone else keeps them.
package final class WeakList<Element: AnyObject & Sendable>: Sendable {
  private struct Reference {
    weak var element: Element?
  }

  private struct State {
    var references: [Reference] = []
    /// The size at which the dead are next removed.
    var tidyAt = 16
  }

  private let state = Guarded(State())

  package init() {}

  /// Those that still live, in the order of their coming.
  package var all: [Element] { state.withLock { $0.references.compactMap(\.element) } }

  /// Whether none of them lives any more.
  package var isEmpty: Bool {
    state.withLock { state in !state.references.contains { $0.element != nil } }
  }

  /// Remembers one more; O(1) amortised.
  package func add(_ element: Element) {
    state.withLock { state in
      if state.references.count >= state.tidyAt {
        state.references.removeAll { $0.element == nil }
        state.tidyAt = max(16, 2 * state.references.count)
      }
      state.references.append(Reference(element: element))
    }
  }
}
