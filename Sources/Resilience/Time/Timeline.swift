/// The passage of time, as the policies see it: a reading, a way to wait, and alarms.
///
/// A timeline hides the clock's type from the signatures of the policies. Its moments count from
/// an origin of its own and never decrease; compare them only with moments of the same timeline.
///
/// ``system`` is what every policy uses unless told otherwise. A test passes a clock it controls.
public struct Timeline: Sendable {
  /// `nil` for the system's time, which is read without a dynamic call.
  private let source: (any TimeSource)?

  package init(source: any TimeSource) {
    self.source = source
  }

  private init() {
    source = nil
  }

  /// Creates a timeline whose origin is the present instant of `clock`.
  ///
  /// Each wait is a task that sleeps on the clock; ``system`` is cheaper. A reading of a clock
  /// that goes backwards is the caller's to prevent: pass monotonic clocks only.
  ///
  /// - Parameter clock: Any clock whose durations are `Duration`, such as `ContinuousClock` (keeps
  ///   counting while the device sleeps) or `SuspendingClock` (does not).
  public init(_ clock: some Clock<Duration>) {
    self.init(source: ClockTime(clock))
  }

  /// The system's monotonic time, unaffected by changes of the wall clock.
  ///
  /// On Linux it stands still while the machine is suspended; on Apple systems it keeps counting.
  public static let system = Timeline()

  /// The time of the simulated world that the current task runs in; set by `ResilienceTesting`.
  @TaskLocal package static var ofWorld: Timeline?

  /// The time of the simulated world that the current task runs in, or else ``system``.
  public static var current: Timeline { ofWorld ?? system }

  /// Whether moments of this timeline and of the other one can be compared.
  func isSame(as other: Timeline) -> Bool { source === other.source }

  /// The present moment.
  public var now: Moment { source?.now ?? SystemTime.now }

  /// The present moment to within a few milliseconds and never ahead of ``now``, for a fraction of
  /// the cost; exact on any timeline but the system's.
  package var coarseNow: Moment { source?.now ?? SystemTime.coarse }

  /// Waits until `moment` is reached; returns at once if it has been.
  ///
  /// - Throws: `CancellationError`, promptly, if the task is cancelled before.
  public func sleep(until moment: Moment) async throws {
    try await Sleeper.sleep(until: moment, on: self)
  }

  /// Waits for at least `duration`; zero and negative ones return at once.
  ///
  /// - Throws: `CancellationError`, promptly, if the task is cancelled before.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now.advanced(by: duration))
  }

  @usableFromInline
  package func schedule(_ alarm: any Alarm, at moment: Moment) {
    (source ?? SystemTime.shared).schedule(alarm, at: moment)
  }

  @usableFromInline
  package func cancel(_ alarm: any Alarm) {
    (source ?? SystemTime.shared).cancel(alarm)
  }
}
