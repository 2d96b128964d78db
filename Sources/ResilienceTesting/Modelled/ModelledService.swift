import Resilience

/// A callee that exists in a simulated world only: it takes time, has a capacity, and has troubles.
///
/// ```swift
/// let service = ModelledService(
///   in: world,
///   latency: .logNormal(median: .milliseconds(20), sigma: 0.5),
///   capacity: 50
/// )
/// service.outage(from: .seconds(60), to: .seconds(90))
/// try await service.call()
/// ```
///
/// Calls beyond the capacity wait in a queue, first come, first served, so that an overload makes
/// the service slower. Unless told otherwise it works on for callers who have long gone, which is
/// what lets a storm of retries keep it down.
public final class ModelledService: Sendable {
  struct Settings: Sendable {
    let latency: LatencyModel
    let capacity: Int
    let queue: Int
    let errorRate: Double
    let congestion: Double
    let abandonedWork: AbandonedWork
  }

  private let timeline: Timeline
  private let random: RandomSource
  private let abandonedWork: AbandonedWork
  private let state: Guarded<ServiceState>

  /// Creates a service that is well.
  ///
  /// - Parameters:
  ///   - world: The world it is in.
  ///   - latency: How long the work on a call takes, without the time in the queue.
  ///   - capacity: How many calls are worked on at once. At least 1.
  ///   - queue: How many calls may wait; those beyond fail at once. Not negative.
  ///   - errorRate: Share of calls that fail after their work, in 0...1.
  ///   - congestion: How much longer work takes for each `capacity` of calls in the queue when it
  ///     begins: the time is multiplied by `1 + congestion * queued / capacity`. Not negative.
  ///   - abandonedWork: What becomes of the work when the caller is cancelled.
  public init(
    in world: World,
    latency: LatencyModel = .constant(.milliseconds(20)),
    capacity: Int = .max,
    queue: Int = .max,
    errorRate: Double = 0,
    congestion: Double = 0,
    abandonedWork: AbandonedWork = .goesOn
  ) {
    precondition(capacity >= 1, "need capacity (\(capacity)) >= 1")
    precondition(queue >= 0, "need queue (\(queue)) >= 0")
    precondition((0...1).contains(errorRate), "need errorRate (\(errorRate)) in 0...1")
    precondition(congestion >= 0, "need congestion (\(congestion)) >= 0")
    timeline = world.timeline
    random = world.random
    self.abandonedWork = abandonedWork
    state = Guarded(
      ServiceState(
        Settings(
          latency: latency,
          capacity: capacity,
          queue: queue,
          errorRate: errorRate,
          congestion: congestion,
          abandonedWork: abandonedWork
        )
      )
    )
  }

  // MARK: Troubles

  /// Lets the service be in a condition for a while; of several at a time the one added last counts.
  ///
  /// - Parameters:
  ///   - condition: What is the matter.
  ///   - begin: When it begins, since the world did.
  ///   - end: When it is over.
  public func suffer(_ condition: ServiceCondition, from begin: Duration, to end: Duration) {
    state.withLock { $0.conditions.add(condition, from: Moment(begin), to: Moment(end)) }
  }

  /// Lets the service be down for a while: calls fail at once.
  public func outage(from begin: Duration, to end: Duration) {
    suffer(.failing, from: begin, to: end)
  }

  /// Lets the service be slow, or fail now and then, for a while.
  ///
  /// - Parameters:
  ///   - begin: When it begins, since the world did.
  ///   - end: When it is over.
  ///   - slowdown: By what the time that work takes is multiplied. Not negative.
  ///   - errorRate: Share of calls that fail, in 0...1.
  public func brownOut(
    from begin: Duration,
    to end: Duration,
    slowdown: Double = 1,
    errorRate: Double = 0
  ) {
    precondition(slowdown >= 0, "need slowdown (\(slowdown)) >= 0")
    precondition((0...1).contains(errorRate), "need errorRate (\(errorRate)) in 0...1")
    suffer(.brownOut(slowdown: slowdown, errorRate: errorRate), from: begin, to: end)
  }

  /// Restarts the service: down for a while, and then with a cold cache.
  ///
  /// - Parameters:
  ///   - begin: When it goes down, since the world began.
  ///   - downtime: How long it is down.
  ///   - slowdown: By what the time of the first call's work is multiplied. At least 1.
  ///   - calls: How many calls warm the cache; with each the work becomes a bit quicker. At least 1.
  public func restart(
    at begin: Duration,
    downFor downtime: Duration = .zero,
    coldSlowdown slowdown: Double,
    warmAfter calls: Int
  ) {
    precondition(slowdown >= 1, "need coldSlowdown (\(slowdown)) >= 1")
    precondition(calls >= 1, "need warmAfter (\(calls)) >= 1")
    let up = Moment(begin + downtime)
    state.withLock { state in
      state.conditions.add(.failing, from: Moment(begin), to: up)
      state.coldCaches.append(ColdCache(from: up, slowdown: slowdown, calls: calls))
    }
  }

  /// Lets the service have another capacity for a while, as when instances go and come.
  ///
  /// Work under way goes on. Places that come are filled when the next call ends.
  ///
  /// - Parameters:
  ///   - capacity: How many calls are worked on at once. At least 1.
  ///   - begin: When it begins, since the world did.
  ///   - end: When the capacity is the usual one again.
  public func capacity(_ capacity: Int, from begin: Duration, to end: Duration) {
    precondition(capacity >= 1, "need capacity (\(capacity)) >= 1")
    state.withLock { $0.capacities.append((capacity, Moment(begin), Moment(end))) }
  }

  // MARK: Calls

  /// Calls the service.
  ///
  /// - Throws: ``ModelledFailure``; `CancellationError` if the task is cancelled, unless the service
  ///   was made to be deaf to that.
  public func call() async throws {
    let request = ServiceRequest(self)
    let now = timeline.now
    switch state.withLock({ $0.arrive(request, at: now, random: random) }) {
    case .begins(let time): begin(request, taking: time, at: now)
    case .fails(let failure): throw failure
    case .queued, .lost: break
    }
    try await wait(for: request)
  }

  /// The calls that have reached the service, those it turned away included.
  public var calls: CallLog { state.withLock { $0.log } }

  /// How many calls are worked on now.
  public var busy: Int { state.withLock { $0.busy } }

  /// How many calls wait now.
  public var queued: Int { state.withLock { $0.queued } }

  /// How many calls have been worked on to the end, failed ones included.
  public var served: Int { state.withLock { $0.served } }

  /// How many of ``served`` had lost their caller before.
  public var servedInVain: Int { state.withLock { $0.inVain } }

  private func begin(_ request: ServiceRequest, taking time: Duration, at now: Moment) {
    request.isWorkedOn = true
    timeline.schedule(request, at: now.advanced(by: time))
  }

  private func wait(for request: ServiceRequest) async throws {
    let ending = await withTaskCancellationHandler {
      await request.wait()
    } onCancel: {
      abandon(request)
    }
    guard let ending else { throw CancellationError() }
    try ending.get()
  }

  private func abandon(_ request: ServiceRequest) {
    guard abandonedWork != .isWaitedFor else { return }
    request.isAbandoned = true
    guard request.end(nil), abandonedWork == .stops else { return }
    let now = timeline.now
    timeline.cancel(request)
    let next = state.withLock { state in
      state.stop(request, isWorkedOn: request.isWorkedOn, at: now, random: random)
    }
    for next in next { begin(next.request, taking: next.time, at: now) }
  }

  func workIsDone(on request: ServiceRequest) {
    let now = timeline.now
    let (failure, next) = state.withLock { $0.end(request, at: now, random: random) }
    for next in next { begin(next.request, taking: next.time, at: now) }
    request.end(failure.map { .failure($0) } ?? .success(()))
  }
}
