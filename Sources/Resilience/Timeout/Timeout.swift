/// Cancels an operation that takes longer than a limit.
///
/// The timeout is cooperative: at the limit the operation is cancelled, and the timeout waits until
/// it has returned, so nothing is left behind. An operation that ignores cancellation is waited for.
///
/// Three things can end a call: it finishes, it reaches the limit, or its caller is cancelled. The
/// first decides. At the limit ``TimedOut`` is thrown, whatever the operation does after it; if the
/// caller is cancelled first, what the operation makes of that comes out.
///
/// The operation runs in a child task on its caller's isolation, with the caller's priority,
/// task-local values and preferred executor. The limit is also its ``Deadline``; a deadline that
/// comes earlier is the limit.
public struct Timeout: Policy {
  /// The name of the timeout, as it appears in its error.
  public let name: String

  private let limit: @Sendable () -> Duration
  /// The limit, where it is the same for every call.
  private let fixedLimit: Duration?
  private let timeline: Timeline
  private let observer: (any Observer)?
  private let start: TimeoutStart

  /// Creates a timeout.
  ///
  /// - Parameters:
  ///   - limit: The time the operation may take. At zero and less it is not called; what is too
  ///     long for the timeline means no limit.
  ///   - name: How the timeout is called in its error and in events.
  ///   - timeline: The time by which the limit is measured.
  ///   - observer: Told when the limit is reached.
  public init(
    _ limit: Duration,
    name: String = "timeout",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    self.init(
      { limit },
      fixedLimit: limit,
      name: name,
      timeline: timeline,
      observer: observer,
      start: .best
    )
  }

  /// Creates a timeout whose limit is asked for at each call.
  ///
  /// - Parameters:
  ///   - limit: The time this call may take; called on the task of the call.
  ///   - name: How the timeout is called in its error and in events.
  ///   - timeline: The time by which the limit is measured.
  ///   - observer: Told when the limit is reached.
  public init(
    each limit: @escaping @Sendable () -> Duration,
    name: String = "timeout",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    self.init(limit, name: name, timeline: timeline, observer: observer, start: .best)
  }

  init(
    _ limit: @escaping @Sendable () -> Duration,
    fixedLimit: Duration? = nil,
    name: String,
    timeline: Timeline,
    observer: (any Observer)?,
    start: TimeoutStart
  ) {
    self.limit = limit
    self.fixedLimit = fixedLimit
    self.name = name
    self.timeline = timeline
    self.observer = observer
    self.start = start
  }

  /// The timeout itself.
  public var stages: [PolicyStage] {
    let limit = fixedLimit.map { "\($0)" } ?? "each call's own"
    return [PolicyStage(.timeout, name: name, settings: ["limit": limit], timeLimit: fixedLimit)]
  }

  /// Runs the operation, and cancels it at the limit.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``TimedOut`` at the limit.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    let limit = Deadline.enforceable(limit())
    guard limit > .zero else { throw timedOut(limit) }
    return try await run(operation, within: limit, isolation: #isolation)
  }

  private func run<T>(
    _ operation: () async throws -> T,
    within limit: Duration,
    isolation: isolated (any Actor)?
  ) async throws -> T {
    let outcome = await withoutActuallyEscaping(operation) { operation in
      await result(of: Transferred(operation), within: limit, isolation: isolation)
    }
    guard let outcome else { throw timedOut(limit) }
    return try outcome.get()
  }

  /// The result of the operation, or `nil` if it reached the limit.
  private func result<T>(
    of operation: Transferred<() async throws -> T>,
    within limit: Duration,
    isolation: isolated (any Actor)?
  ) async -> Result<T, any Error>? {
    let end = timeline.now.advanced(by: limit)
    let race = TimeoutRace()
    let task = Deadline.$current.withValue(
      Deadline(at: end, on: timeline, isEnforced: true).clamped
    ) {
      start.task(operation, race: race, isolation: isolation)
    }
    // An operation that did not suspend has ended here: no alarm, no handler.
    if race.end == .finished { return await task.value.value }

    let alarm = TimeoutAlarm(race: race, task: task)
    timeline.schedule(alarm, at: end)
    let result = await withTaskCancellationHandler {
      await task.value.value
    } onCancel: {
      race.decide(.cancelled)
      task.cancel()
    }
    guard race.end != .limit else { return nil }
    timeline.cancel(alarm)
    return result
  }

  private func timedOut(_ limit: Duration) -> TimedOut {
    if let observer {
      observer.observe(Event(policy: name, at: timeline.now, kind: .timedOut(limit: limit)))
    }
    return TimedOut(policy: name, limit: limit)
  }
}
