/// A call that waits for a place: given one, turned away, timed out or cancelled, whichever comes
/// first.
final class PlaceWaiter: Alarm {
  enum Outcome: Sendable {
    case granted, expired, cancelled
    case refused(PlaceRefusal)
  }

  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let parked = Parked<Outcome>()

  /// Waits for the outcome.
  func wait() async -> Outcome { await parked.wait() }

  /// Ends the wait.
  ///
  /// - Returns: Whether this was the first to end it. A place that comes too late stays with the
  ///   one who offered it.
  @discardableResult
  func end(_ outcome: Outcome) -> Bool { parked.resume(with: outcome) }

  func ring() { end(.expired) }
}
