private import Synchronization

/// Where an alarm keeps its place in its time source, within the alarm itself.
@usableFromInline
package struct AlarmSlot: ~Copyable, Sendable {
  private let position = Atomic<Int>(-1)

  @usableFromInline
  package init() {}

  /// Position in the source's queue, or `nil` when the alarm is not scheduled.
  @usableFromInline package var index: Int? {
    get {
      let index = position.load(ordering: .relaxed)
      return index < 0 ? nil : index
    }
    nonmutating set { position.store(newValue ?? -1, ordering: .relaxed) }
  }
}
