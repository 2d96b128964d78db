private import Synchronization

/// The place of an alarm in its time source, so that cancelling it needs no search.
package final class AlarmSlot: Sendable {
  private let position = Atomic<Int>(-1)

  package init() {}

  /// Position in the source's queue, or `nil` when the alarm is not scheduled.
  package var index: Int? {
    get {
      let index = position.load(ordering: .relaxed)
      return index < 0 ? nil : index
    }
    set { position.store(newValue ?? -1, ordering: .relaxed) }
  }
}
