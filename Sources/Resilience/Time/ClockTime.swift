/// The time of any clock; for a clock that can only sleep, each alarm is a sleeping task.
///
/// The policies are at their cheapest on ``SystemTime``. This one exists so that a clock of the
/// user's own can be put under them.
package final class ClockTime<C: Clock>: TimeSource where C.Duration == Duration {
  private struct State {
    var sleepers: [ObjectIdentifier: Task<Void, Never>] = [:]
  }

  private let clock: C
  private let origin: C.Instant
  private let state = Guarded(State())

  package init(_ clock: C) {
    self.clock = clock
    origin = clock.now
  }

  package var now: Moment { Moment(origin.duration(to: clock.now)) }

  package func schedule(_ alarm: any Alarm, at moment: Moment) {
    let deadline = origin.advanced(by: moment.sinceOrigin)
    state.withLock { state in
      // Made under the lock, so that the task cannot look for itself before it is entered.
      state.sleepers[ObjectIdentifier(alarm)] = Task(executorPreference: inheritedExecutor()) {
        [self] in
        try? await clock.sleep(until: deadline, tolerance: nil)
        if remove(alarm) != nil { alarm.ring() }
      }
    }
  }

  package func cancel(_ alarm: any Alarm) {
    remove(alarm)?.cancel()
  }

  @discardableResult
  private func remove(_ alarm: any Alarm) -> Task<Void, Never>? {
    state.withLock { $0.sleepers.removeValue(forKey: ObjectIdentifier(alarm)) }
  }
}
