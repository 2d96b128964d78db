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

  private let limit: TimeoutLimit
  @usableFromInline let timeline: Timeline
  private let observer: (any Observer)?
  @usableFromInline let start: TimeoutStart

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
      .fixed(limit, nanoseconds: limit.clampedNanoseconds),
      name: name,
      timeline: timeline,
      observer: observer
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
    self.init(.each(limit), name: name, timeline: timeline, observer: observer)
  }

  init(
    _ limit: TimeoutLimit,
    name: String,
    timeline: Timeline,
    observer: (any Observer)?,
    start: TimeoutStart = .best
  ) {
    self.limit = limit
    self.name = name
    self.timeline = timeline
    self.observer = observer
    self.start = start
  }

  /// The timeout itself.
  public var stages: [PolicyStage] {
    [
      PolicyStage(
        .timeout,
        name: name,
        settings: ["limit": "\(limit)"],
        timeLimit: limit.ofEveryCall
      )
    ]
  }

  /// Runs the operation, and cancels it at the limit.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``TimedOut`` at the limit.
  @inlinable
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await run(operation, isolation: #isolation)
  }

  @inlinable
  func run<T>(
    _ operation: () async throws -> T,
    isolation: isolated (any Actor)?
  ) async throws -> T {
    let bounds = try bounds()
    let result = await withoutActuallyEscaping(operation) { operation in
      let call = TimeoutCall(operation)
      let task = Deadline.$current.withValue(bounds.deadline) {
        start.task(of: call, isolation: isolation)
      }
      // An operation that did not suspend has ended here: no alarm, no handler.
      guard call.isRunning else {
        await task.value
        return call.takeResult()
      }
      call.schedule(on: timeline, at: bounds.end, cancelling: task)
      await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        call.cancel(task)
      }
      return call.end(on: timeline)
    }
    guard let result else { throw timedOut(bounds.limit) }
    return try result.get()
  }

  /// What holds for one call.
  @usableFromInline
  struct Bounds {
    @usableFromInline let limit: Duration
    @usableFromInline let end: Moment
    @usableFromInline let deadline: Deadline
  }

  /// What holds for a call that begins now.
  ///
  /// - Throws: ``TimedOut`` if there is no time at all.
  @usableFromInline
  func bounds() throws(TimedOut) -> Bounds {
    let now = timeline.now
    let outer = Deadline.current
    var (limit, nanoseconds) = limit.current
    var inner = outer
    if let left = outer?.enforceable(at: now, on: timeline), left < nanoseconds {
      (limit, nanoseconds) = (.nanoseconds(left), left)
      // This one takes its place, and sees to it.
      inner = nil
    }
    guard nanoseconds > 0 else { throw timedOut(limit) }
    let end = now.advanced(byNanoseconds: nanoseconds)
    let deadline = Deadline(at: end, on: timeline, isEnforced: true)
    return Bounds(limit: limit, end: end, deadline: deadline.earlier(than: inner, at: now))
  }

  @usableFromInline
  func timedOut(_ limit: Duration) -> TimedOut {
    if let observer {
      observer.observe(Event(policy: name, at: timeline.now, kind: .timedOut(limit: limit)))
    }
    return TimedOut(policy: name, limit: limit)
  }
}
