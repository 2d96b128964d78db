/// Lets calls through at a limited rate, and a limited number wait for their turn.
///
/// ```swift
/// let search = RateLimiter("search", .tokenBucket(100, per: .seconds(1)), maxWait: .milliseconds(200))
/// let hits = try await search.run { try await service.search(query) }
/// ```
///
/// Those who wait, and those who have reserved, stand in one line in the order of arrival. Nobody
/// overtakes: while the line is not empty, a newcomer joins it or is refused, however light it is.
/// Whoever leaves the line gives everything back at once, and those behind move up. One whose turn
/// would come too late is refused at once: nobody waits in vain, unless a stricter limit is applied.
///
/// Turns are granted for the moment that the limit gives them. A thread that wakes late does not
/// delay those behind.
public struct RateLimiter: Policy {
  /// The name of the limiter.
  public let name: String

  @usableFromInline let core: RateCore
  private let maxWait: Duration
  private let maxWaiting: Int
  private let observer: (any Observer)?

  /// Creates a limiter from which nothing has been taken; one with a warm-up begins cold.
  ///
  /// - Parameters:
  ///   - name: How the limiter is called in refusals and events.
  ///   - limit: How many permits it gives in which time; see ``RateLimit/validate()``.
  ///   - maxWait: How long a call may wait for its turn. Zero and less refuse at once; what is too
  ///     long for the timeline means for ever.
  ///   - maxWaiting: How many may stand in the line, reservations included. Not negative.
  ///   - timeline: The time by which it is measured.
  ///   - observer: Told of calls that wait or are refused.
  public init(
    _ name: String,
    _ limit: RateLimit,
    maxWait: Duration = .zero,
    maxWaiting: Int = 10_000,
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    requireValid { () throws(InvalidSetting) in
      try limit.validate()
      try check("max waiting", maxWaiting, atLeast: 0)
    }
    PolicyCensus.note(.rateLimiter, name)
    self.name = name
    self.maxWait = maxWait
    self.maxWaiting = maxWaiting
    self.observer = observer
    core = RateCore(limit, maxWaiting: maxWaiting, timeline: timeline)
  }

  /// The limit in force.
  public var limit: RateLimit { core.limit }

  /// How many permits could be had at this instant; none while someone is in the line.
  public var available: Int { core.available }

  /// How many stand in the line now, reservations included.
  public var waiting: Int { core.waiting }

  /// One stage: the limit in force, and how long and how many may wait.
  public var stages: [PolicyStage] {
    [
      PolicyStage(
        .rateLimiter,
        name: name,
        settings: [
          "limit": "\(limit)", "maxWait": "\(maxWait)", "maxWaiting": "\(maxWaiting)",
        ],
        waitLimit: maxWait > .zero && maxWaiting > 0 ? maxWait : nil
      )
    ]
  }

  /// Whether nobody is in the line and the full quota can be had; with a warm-up, if it is cold, too.
  ///
  /// A limit that was applied since is not considered.
  public var isAtRest: Bool { core.isFresh }

  /// Runs the operation once a permit for it can be had.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``RateLimited`` if there is no permit in time;
  ///   `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if !core.admit(1) { try await offPath { try await waitForTurn(1) } }
    return try await operation()
  }

  /// Runs the operation once so many permits for it can be had.
  ///
  /// - Parameters:
  ///   - weight: How many permits it takes. At least 1; more than the limit ever gives at once is
  ///     refused.
  ///   - operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``RateLimited`` if the permits cannot be had in time;
  ///   `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func run<T>(weight: Int, _ operation: () async throws -> T) async throws -> T {
    if !core.admit(weight) { try await offPath { try await waitForTurn(weight) } }
    return try await operation()
  }

  /// Takes permits that can be had at this instant, for a call that does not fit into a closure.
  ///
  /// - Parameter weight: How many. At least 1.
  /// - Throws: ``RateLimited`` if they cannot be had now.
  public func acquire(weight: Int = 1) throws {
    if !core.admit(weight) { try takeNow(weight) }
  }

  /// Takes a place in the line, to be used when its turn has come.
  ///
  /// - Parameters:
  ///   - weight: How many permits. At least 1.
  ///   - limit: How far away the turn may be; zero and less mean now. The ``Deadline`` of the task
  ///     counts as well.
  /// - Returns: The place.
  /// - Throws: ``RateLimited`` if the turn would come later, or the line is full.
  public func reserve(weight: Int = 1, within limit: Duration) throws -> RateReservation {
    let waiter = RateWaiter()
    switch core.join(weight, waiter, isAwaited: false, within: Deadline.clamp(limit)) {
    case .admitted: return RateReservation(of: self, waiter, at: nil)
    case .joined(let place): return RateReservation(of: self, waiter, at: place)
    case .refused(let refusal): throw refuse(refusal)
    }
  }

  /// Goes on with another limit.
  ///
  /// What could be had before can be had still, up to the new limit's most; the rest counts as taken
  /// at this instant, so that no burst is given away. A sliding window after a sliding window keeps
  /// its log: the new limit holds for what was taken before, too. The line keeps its order; those
  /// who would now have to wait for longer than they agreed to are refused at once. The limit that
  /// is in force already changes nothing.
  ///
  /// - Parameter limit: The new limit.
  /// - Throws: ``InvalidSetting`` if it makes no sense; the old one stays in force.
  public func apply(_ limit: RateLimit) throws {
    try limit.validate()
    core.apply(limit)
  }

  @usableFromInline
  func waitForTurn(_ weight: Int) async throws {
    try Task.checkCancellation()
    let limit = Deadline.clamp(maxWait)
    guard limit > .zero else { return try takeNow(weight) }
    let waiter = RateWaiter()
    switch core.join(weight, waiter, isAwaited: true, within: limit) {
    case .admitted: return
    case .joined(let place): try await wait(waiter, at: place)
    case .refused(let refusal): throw refuse(refusal)
    }
  }

  /// Takes the weight, unless someone is before it whose turn has not come.
  private func takeNow(_ weight: Int) throws {
    switch core.join(weight, nil, isAwaited: false, within: .zero) {
    case .admitted, .joined: return
    case .refused(let refusal): throw refuse(refusal)
    }
  }

  func wait(_ waiter: RateWaiter, at place: RateLine<RateWaiter>.Place) async throws {
    report(.queued)
    switch await core.wait(waiter, at: place) {
    case .granted: return
    case .cancelled: throw CancellationError()
    case .refused(let refusal): throw refuse(refusal)
    }
  }

  private func refuse(_ refusal: RateRefusal) -> RateLimited {
    let error = RateLimited(
      policy: name,
      reason: refusal.reason,
      retryAfter: refusal.retryAfter
    )
    report(.refused(error))
    return error
  }

  private func report(_ kind: Event.Kind) {
    observer?.observe(Event(policy: name, at: core.timeline.now, kind: kind))
  }
}
