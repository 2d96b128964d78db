/// Lets a limited number of calls run at once, and a limited number wait for a place.
///
/// ```swift
/// let bulkhead = Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200))
/// ```
///
/// Places are given in the order of arrival, unless the settings say otherwise: a newcomer never
/// overtakes one of its class and key who waits. Who matters more goes first; see ``Criticality``.
/// Those for whom calls are made take turns; see ``withFairnessKey(_:_:)``. A caller that is
/// cancelled leaves the queue at once. Each call gives its place back exactly once, however it ends.
///
/// A call that runs under the same bulkhead twice holds two places; with a limit of one it would
/// wait for itself.
public struct Bulkhead: Policy {
  /// The name of the bulkhead.
  public let name: String

  @usableFromInline let core: PlaceCore
  private let timeline: Timeline
  private let observer: (any Observer)?

  /// Creates a bulkhead with all places free.
  ///
  /// - Parameters:
  ///   - settings: How it behaves. Must be valid.
  ///   - name: How the bulkhead is called in refusals and events.
  ///   - timeline: The time by which waiting is measured.
  ///   - observer: Told of calls that wait or are refused.
  public init(
    _ settings: BulkheadSettings,
    name: String = "bulkhead",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    self.name = name
    self.timeline = timeline
    self.observer = observer
    PolicyCensus.note(.bulkhead, name)
    core = PlaceCore(settings.places, timeline: timeline)
  }

  /// Creates a bulkhead from the settings that most need.
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
    queue: Int = QueueSettings().limit,
    maxWait: Duration = QueueSettings().maxWait,
    name: String = "bulkhead",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    var settings = BulkheadSettings()
    settings.limit = limit
    settings.queue = QueueSettings(limit: queue, maxWait: maxWait)
    self.init(settings, name: name, timeline: timeline, observer: observer)
  }

  /// How many places are taken now.
  public var running: Int { core.running }

  /// How many calls wait now.
  public var queued: Int { core.queued }

  /// How the bulkhead behaves now.
  public var settings: BulkheadSettings {
    let places = core.settings
    var settings = BulkheadSettings()
    settings.limit = places.limit
    settings.queue = places.queue
    settings.shares = places.shares
    return settings
  }

  /// Goes on with other settings.
  ///
  /// With a lower limit nobody is stopped: places that are given back stay empty until fewer are
  /// taken than there are. With a higher one as many who wait begin as there is room for. Those who
  /// wait stay where they stand, for as long as they were to wait at most.
  ///
  /// - Parameter settings: The new settings.
  /// - Throws: ``InvalidSetting`` if they make no sense; the bulkhead then keeps those it has.
  public func apply(_ settings: BulkheadSettings) throws {
    try settings.validate()
    core.apply(settings.places)
  }

  /// Goes on with another number of places: see ``apply(_:)``.
  ///
  /// - Parameter limit: How many calls may run at once. At least 1.
  /// - Throws: ``InvalidSetting`` if it is not; the bulkhead then keeps the limit it has.
  public func resize(to limit: Int) throws {
    try check("limit", limit, atLeast: 1)
    core.resize(to: limit)
  }

  /// Runs the operation once there is a place for it.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``BulkheadFull`` if there was no place;
  ///   `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if !core.enter() { try await offPath { try await waitForPlace(weight: 1) } }
    do {
      let value = try await operation()
      core.leave()
      return value
    } catch {
      core.leave()
      throw error
    }
  }

  /// Runs an operation that takes several places, once they are free together.
  ///
  /// - Parameters:
  ///   - weight: How many. At least 1; more than there are is refused at once.
  ///   - operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: As ``run(_:)``.
  public func run<T>(weight: Int, _ operation: () async throws -> T) async throws -> T {
    let permit = try await acquire(weight: weight)
    do {
      let value = try await operation()
      permit.release()
      return value
    } catch {
      permit.release()
      throw error
    }
  }

  /// Takes places, once they are free, for work that does not fit into a closure.
  ///
  /// - Parameter weight: How many. At least 1; more than there are is refused at once.
  /// - Returns: What gives them back.
  /// - Throws: ``BulkheadFull`` if there were none; `CancellationError` if the task is cancelled while
  ///   it waits.
  public func acquire(weight: Int = 1) async throws -> BulkheadPermit {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    if !core.enter(UInt64(weight)) { try await waitForPlace(weight: UInt64(weight)) }
    return BulkheadPermit(core, weight: UInt64(weight))
  }

  @usableFromInline
  func waitForPlace(weight: UInt64) async throws {
    let refusal = try await core.enterOrWait(weight) { report(.queued) }
    guard let refusal else { return }
    let error = BulkheadFull(policy: name, reason: refusal)
    report(.refused(error))
    throw error
  }

  private func report(_ kind: @autoclosure () -> Event.Kind) {
    observer?.observe(Event(policy: name, at: timeline.now, kind: kind()))
  }
}

extension Bulkhead {
  /// The bulkhead itself.
  public var stages: [PolicyStage] {
    let settings = settings
    return [
      PolicyStage(
        .bulkhead,
        name: name,
        settings: [
          "limit": "\(settings.limit)",
          "queue": "\(settings.queue)",
          "shares": "\(settings.shares)",
        ],
        waitLimit: settings.queue.letsWait ? settings.queue.maxWait : nil
      )
    ]
  }

  /// Whether nobody runs or waits.
  public var isAtRest: Bool { core.isAtRest }
}
