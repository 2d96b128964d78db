private import Dispatch

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Musl)
  private import Musl
#else
  private import Glibc
#endif

/// The system's monotonic clock, with one Dispatch timer for all alarms of the process.
///
/// The timer is set only when an alarm is due before all others; cancelling never touches it, so
/// that a call which ends in time costs one insertion and one removal. With nothing scheduled the
/// timer fires at most once more and then rests.
package final class SystemTime: TimeSource {
  package static let shared = SystemTime()

  private struct State {
    var queue = AlarmQueue()
    /// When the timer is set to fire; the distant future when it rests.
    var armed = Moment.distantFuture
    var timer: (any DispatchSourceTimer)?

    mutating func arm(for moment: Moment) {
      armed = moment
      guard moment != .distantFuture else { return }
      let wait = min(max(0, SystemTime.now.nanoseconds(to: moment)), Self.longestWait)
      timer?.schedule(deadline: .now() + .nanoseconds(Int(wait)), leeway: .nanoseconds(0))
    }

    /// A day: a timer that fires early finds nothing due and is set again.
    private static let longestWait: Int64 = 86_400 * 1_000_000_000
  }

  private let state = Guarded(State())

  private init() {
    state.withLock { state in
      let timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
      timer.setEventHandler { [unowned self] in ringDue() }
      timer.activate()
      state.timer = timer
    }
  }

  package var now: Moment { Self.now }

  /// The present moment; on Linux since boot, the time asleep not counted.
  package static var now: Moment { read(CLOCK_MONOTONIC) }

  /// The present moment to within a few milliseconds, never ahead of `now`, at a fraction of its
  /// cost where the system has such a clock.
  package static var coarse: Moment {
    #if os(Linux)
      read(CLOCK_MONOTONIC_COARSE)
    #else
      read(CLOCK_MONOTONIC)
    #endif
  }

  package func schedule(_ alarm: any Alarm, at moment: Moment) {
    state.withLock { state in
      state.queue.schedule(alarm, at: moment)
      if moment < state.armed { state.arm(for: moment) }
    }
  }

  package func cancel(_ alarm: any Alarm) {
    state.withLock { $0.queue.cancel(alarm) }
  }

  /// The number of alarms scheduled in the process.
  package var scheduled: Int { state.withLock { $0.queue.count } }

  private func ringDue() {
    let now = Self.now
    while let alarm = state.withLock({ $0.queue.takeDue(at: now) }) { alarm.ring() }
    state.withLock { $0.arm(for: $0.queue.earliest ?? .distantFuture) }
  }

  private static func read(_ clock: clockid_t) -> Moment {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Moment(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }
}
