/// The moment by which a whole call must have ended, known to everything that the call does.
///
/// ```swift
/// try await withCallDeadline(in: .seconds(2)) {
///   try await payments.run { try await gateway.charge(order) }
/// }
/// ```
///
/// It is a task-local value, inherited by child tasks, and every policy respects it: a ``Timeout`` is
/// the smaller of its own limit and what is left, a ``Retry`` does not pause when the next attempt
/// could not begin in time, and nobody waits in a queue for longer. Adapters put what is left on the
/// wire. By itself it cancels nothing: that is what a timeout does.
///
/// A ``Timeout`` sets one for its operation. Deadlines only ever come closer: within another, the
/// earlier one counts.
public struct Deadline: Sendable {
  private let moment: Moment
  private let timeline: Timeline
  /// Whether someone further out cancels the call when the deadline has come.
  private let isEnforced: Bool

  /// The deadline of the current task, if it has one.
  @TaskLocal public static var current: Deadline?

  /// Creates a deadline.
  ///
  /// - Parameters:
  ///   - limit: Time from now; zero and less mean that it has passed.
  ///   - timeline: The time by which it is measured; in a simulated world, by default, that of the
  ///     world.
  public init(in limit: Duration, on timeline: Timeline = .current) {
    self.init(at: timeline.now.advanced(by: limit), on: timeline)
  }

  init(at moment: Moment, on timeline: Timeline, isEnforced: Bool = false) {
    self.moment = moment
    self.timeline = timeline
    self.isEnforced = isEnforced
  }

  /// Time until the deadline; negative when it has passed.
  public var remaining: Duration { timeline.now.duration(to: moment) }

  /// The earlier one of this deadline and the current task's.
  var clamped: Deadline { earlier(than: Deadline.current, at: timeline.now) }

  /// The earlier one of this deadline and an outer one.
  ///
  /// - Parameters:
  ///   - outer: The other one; if neither is earlier, it is this one.
  ///   - now: The present moment of this deadline's timeline, so that it need not be read again.
  /// - Returns: Whichever comes first.
  func earlier(than outer: Deadline?, at now: Moment) -> Deadline {
    guard let outer else { return self }
    return outer.remaining(at: now, on: timeline) < now.nanoseconds(to: moment) ? outer : self
  }

  /// How long a caller has who would see to it that the deadline is kept.
  ///
  /// - Parameters:
  ///   - now: The present moment.
  ///   - timeline: The timeline of `now`.
  /// - Returns: Nanoseconds; `nil` when someone further out sees to it, who is then the one to
  ///   report it.
  func enforceable(at now: Moment, on timeline: Timeline) -> Int64? {
    isEnforced ? nil : remaining(at: now, on: timeline)
  }

  private func remaining(at now: Moment, on other: Timeline) -> Int64 {
    (other.isSame(as: timeline) ? now : timeline.now).nanoseconds(to: moment)
  }

  /// The given limit, or what is left until the current task's deadline if that is less and nobody
  /// else sees to it.
  static func enforceable(_ limit: Duration) -> Duration {
    guard let current, !current.isEnforced else { return limit }
    return min(limit, current.remaining)
  }

  /// The given duration, or what is left until the current task's deadline if that is less.
  static func clamp(_ duration: Duration) -> Duration {
    guard let current else { return duration }
    return min(duration, current.remaining)
  }
}

/// Sets a deadline for everything that the operation does.
///
/// - Parameters:
///   - limit: Time from now. A deadline that is already set and comes earlier stays.
///   - timeline: The time by which it is measured; in a simulated world, by default, that of the world.
///   - operation: What has to end in time. It runs on the caller's isolation.
/// - Returns: What the operation returned.
/// - Throws: What the operation threw.
public func withCallDeadline<T>(
  in limit: Duration,
  on timeline: Timeline = .current,
  _ operation: () async throws -> T
) async rethrows -> T {
  let deadline = Deadline(in: limit, on: timeline).clamped
  return try await Deadline.$current.withValue(deadline, operation: operation)
}
