private import Synchronization

/// Who ended a call: it finished, it reached its limit, or its caller was cancelled.
///
/// The first to say so decides, and everyone else is told that they came too late.
///
///     running ──▶ finished | limit | cancelled
final class TimeoutRace: Sendable {
  enum End: UInt8 {
    case running, finished, limit, cancelled
  }

  private let state = Atomic<UInt8>(End.running.rawValue)

  /// How the call ended, or that it is running.
  var end: End { End(rawValue: state.load(ordering: .acquiring)) ?? .running }

  /// Says that the call has ended in the given way.
  ///
  /// - Returns: Whether that was the first word.
  @discardableResult
  func decide(_ end: End) -> Bool {
    state.compareExchange(
      expected: End.running.rawValue,
      desired: end.rawValue,
      ordering: .acquiringAndReleasing
    ).exchanged
  }
}

/// Cancels a task at its limit, if the race is still open.
final class TimeoutAlarm<Success: Sendable>: Alarm {
  let slot = AlarmSlot()
  private let race: TimeoutRace
  private let task: Task<Success, Never>

  init(race: TimeoutRace, task: Task<Success, Never>) {
    self.race = race
    self.task = task
  }

  func ring() {
    if race.decide(.limit) { task.cancel() }
  }
}
