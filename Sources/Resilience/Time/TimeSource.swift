/// Where a ``Timeline`` gets its time from: a reading and an alarm clock.
///
/// Everything that waits in this package waits on an ``Alarm``, so a source that can read and ring
/// is a complete one.
///
/// A source is monotonic, rings an alarm at or after its moment and never before, rings each at
/// most once, and never rings one inside `schedule(_:at:)` or under a lock.
package protocol TimeSource: AnyObject, Sendable {
  /// The present moment.
  var now: Moment { get }

  /// Rings `alarm` once `moment` is reached, unless it is cancelled before.
  func schedule(_ alarm: any Alarm, at moment: Moment)

  /// Forgets an alarm; one that has rung, or rings at this very instant, is not disturbed.
  func cancel(_ alarm: any Alarm)
}

/// Something to be done at a moment, once; it belongs to one time source.
@usableFromInline
package protocol Alarm: AnyObject, Sendable {
  /// Position in the time source's queue, so that cancelling needs no search; `nil` when not scheduled.
  ///
  /// An ``AlarmSlot`` of the alarm's holds it; only the source touches it, under its own lock.
  var queueIndex: Int? { get set }

  /// Called by the time source when the moment is reached, on a thread of the source's choice.
  ///
  /// Must return soon: it shares its thread with the other alarms.
  func ring()
}
