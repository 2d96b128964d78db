/// Lets a limited number of calls run at once, and a limited number wait for a place.
///
/// ```swift
/// let bulkhead = Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200))
/// ```
///
/// Places are given in the order of arrival: a newcomer never overtakes one who waits. A caller
/// that is cancelled leaves the queue at once. Each call gives its place back exactly once, however
/// it ends.
///
/// A call that runs under the same bulkhead twice holds two places; with a limit of one it would
/// wait for itself.
public struct Bulkhead: Policy {
  /// The name of the bulkhead.
  public let name: String

  @usableFromInline let core: BulkheadCore
  private let maxWait: Duration
  private let timeline: Timeline
  private let observer: (any Observer)?

  /// Creates a bulkhead with all places free.
  ///
  /// - Parameters:
  ///   - limit: How many calls may run at once. At least 1.
  ///   - queue: How many calls may wait. Not negative; at 0 a call without a place is refused.
  ///   - maxWait: How long a call may wait. Zero and less refuse at once; what is too long for the
  ///     timeline means for ever.
  ///   - name: How the bulkhead is called in refusals and events.
  ///   - timeline: The time by which waiting is measured.
  ///   - observer: Told of calls that wait or are refused.
  public init(
    limit: Int,
    queue: Int = 0,
    maxWait: Duration = .seconds(1),
    name: String = "bulkhead",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    precondition(limit >= 1, "need limit (\(limit)) >= 1")
    precondition(queue >= 0, "need queue (\(queue)) >= 0")
    self.name = name
    self.maxWait = maxWait
    self.timeline = timeline
    self.observer = observer
    core = BulkheadCore(limit: limit, queueLimit: queue)
  }

  /// How many calls run now.
  public var running: Int { core.running }

  /// How many calls wait now.
  public var queued: Int { core.queued }

  /// Whether no call runs and none waits.
  public var isAtRest: Bool { running == 0 && queued == 0 }

  /// Runs the operation once there is a place for it.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``BulkheadFull`` if there was no place;
  ///   `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if !core.enter() { try await offPath { try await waitForPlace() } }
    do {
      let value = try await operation()
      core.leave()
      return value
    } catch {
      core.leave()
      throw error
    }
  }

  @usableFromInline
  func waitForPlace() async throws {
    try Task.checkCancellation()
    let waiter = BulkheadWaiter()
    let maxWait = Deadline.clamp(maxWait)
    switch maxWait > .zero ? core.enter(or: waiter) : .full {
    case .entered: return
    case .full: throw refuse(.queueFull)
    case .queued(let place): try await wait(waiter, at: place, upTo: maxWait)
    }
  }

  private func wait(
    _ waiter: BulkheadWaiter,
    at place: UInt64,
    upTo maxWait: Duration
  ) async throws {
    report(.queued)
    timeline.schedule(waiter, at: timeline.now.advanced(by: maxWait))
    let outcome = await withTaskCancellationHandler {
      await waiter.wait()
    } onCancel: {
      if waiter.end(.cancelled) { core.forget(place) }
    }
    timeline.cancel(waiter)
    switch outcome {
    case .granted: return
    case .cancelled: throw CancellationError()
    case .expired:
      core.forget(place)
      throw refuse(.waitedTooLong(maxWait))
    }
  }

  private func refuse(_ reason: BulkheadFull.Reason) -> BulkheadFull {
    let error = BulkheadFull(policy: name, reason: reason)
    report(.refused(error))
    return error
  }

  private func report(_ kind: Event.Kind) {
    observer?.observe(Event(policy: name, at: timeline.now, kind: kind))
  }
}
