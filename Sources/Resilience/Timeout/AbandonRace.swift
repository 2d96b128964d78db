private import Synchronization

/// Who ended the wait for an operation that may be left behind.
///
/// The first to say so decides. That the operation is left behind is noted before anyone can see
/// that it was, so that the note is there when the operation ends.
final class AbandonRace<T: Sendable>: Alarm {
  enum Ending: Sendable {
    case finished(Result<T, any Error>)
    case limit
    case cancelled

    var isAbandonment: Bool { if case .finished = self { false } else { true } }
  }

  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let parked = Parked<Ending>()
  private let isDecided = Atomic<Bool>(false)
  private let onAbandon: @Sendable () -> Void

  init(onAbandon: @escaping @Sendable () -> Void) {
    self.onAbandon = onAbandon
  }

  func wait() async -> Ending { await parked.wait() }

  /// Ends the wait.
  ///
  /// - Returns: Whether this was the first to end it.
  @discardableResult
  func end(_ ending: Ending) -> Bool {
    guard !isDecided.exchange(true, ordering: .acquiringAndReleasing) else { return false }
    if ending.isAbandonment { onAbandon() }
    parked.resume(with: ending)
    return true
  }

  func ring() { end(.limit) }
}
