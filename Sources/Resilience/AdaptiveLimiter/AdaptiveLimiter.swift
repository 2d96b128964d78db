/// Lets as many calls run at once as the callee turns out to bear.
///
/// ```swift
/// let limiter = AdaptiveLimiter("search")
/// let hits = try await limiter.run { try await service.search(query) }
/// ```
///
/// A bulkhead needs a number, and the right one changes with the callee: with each instance that
/// comes or goes, with its load, with its version. An adaptive limiter is a ``Bulkhead`` that finds
/// the number, by the round trips of the calls and by errors that say overload; see ``LimitRule``.
///
/// The round trip is the operation's time; the wait for a place is not part of it. Put what may wait
/// for other reasons, such as a ``Retry`` or a rate limiter, outside.
///
/// Every call gives its place back, however it ends. Only a call that tells something of the callee
/// is a sample: see ``AdaptiveLimiterSettings/classifier`` and ``AdaptiveLimiterSettings/overload``.
public struct AdaptiveLimiter: Policy {
  @usableFromInline let core: AdaptiveLimiterCore

  /// Creates a limiter at its rule's initial limit, with all places free.
  ///
  /// - Parameters:
  ///   - name: How the limiter is called in refusals and events.
  ///   - settings: How it behaves. Must be valid.
  ///   - timeline: The time by which calls and waiting are measured.
  ///   - random: Asked once; spreads the probes of limiters that were made alike.
  ///   - observer: Told of changes of the limit, and of calls that wait or are refused.
  public init(
    _ name: String,
    _ settings: AdaptiveLimiterSettings,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    core = AdaptiveLimiterCore(
      name,
      settings,
      timeline: timeline,
      draw: random.unit(),
      observer: observer
    )
  }

  /// Creates a limiter from the settings that most need.
  ///
  /// - Parameters:
  ///   - name: How the limiter is called in refusals and events.
  ///   - rule: How the limit is found.
  ///   - queue: How many calls may wait. Not negative; at 0 a call without a place is refused.
  ///   - maxWait: How long a call may wait.
  ///   - timeline: The time by which calls and waiting are measured.
  ///   - random: Asked once; spreads the probes of limiters that were made alike.
  ///   - observer: Told of changes of the limit, and of calls that wait or are refused.
  public init(
    _ name: String,
    _ rule: LimitRule = AdaptiveLimiterSettings().rule,
    queue: Int = QueueSettings().limit,
    maxWait: Duration = QueueSettings().maxWait,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    var settings = AdaptiveLimiterSettings()
    settings.rule = rule
    settings.queue = QueueSettings(limit: queue, maxWait: maxWait)
    self.init(name, settings, timeline: timeline, random: random, observer: observer)
  }

  /// The name of the limiter.
  public var name: String { core.name }

  /// How many calls may run at once now.
  public var limit: Int { core.limit }

  /// How many calls run now; more than ``limit`` for a while after it has become lower.
  public var running: Int { core.places.running }

  /// How many calls wait now.
  public var queued: Int { core.places.queued }

  /// Runs the operation once there is a place for it, and learns from how long it takes.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``AdaptiveLimitReached`` if there was no place;
  ///   `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if !core.places.enter() { try await offPath { try await waitForPlace() } }
    let call = core.begin()
    do {
      let value = try await operation()
      if core.classifier.judgesValues {
        core.settle(call, as: core.classifier.judge(value: value), error: nil)
      } else {
        core.sample(call)
      }
      return value
    } catch {
      core.settle(call, as: core.classifier.judge(error), error: error)
      throw error
    }
  }

  @usableFromInline
  func waitForPlace() async throws { try await core.waitForPlace() }
}

extension AdaptiveLimiter {
  /// The limiter itself.
  public var stages: [PolicyStage] {
    let settings = core.settings
    return [
      PolicyStage(
        .adaptiveLimiter,
        name: name,
        settings: [
          "rule": "\(settings.rule)",
          "queue": "\(settings.queue)",
          "shares": "\(settings.shares)",
        ],
        waitLimit: settings.queue.letsWait ? settings.queue.maxWait : nil
      )
    ]
  }

  /// Whether nobody runs or waits; what was learned about the limit is then forgotten with it.
  public var isAtRest: Bool { core.places.isAtRest }
}
