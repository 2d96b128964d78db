/// Refuses calls before they are made, in proportion to how many of them the callee turns away.
///
/// ```swift
/// let throttle = AdaptiveThrottle("search")
/// let results = try await throttle.run { try await service.search(query) }
/// ```
///
/// A callee that is overloaded spends work even on the calls that it turns away. A throttle remembers
/// how many calls were made within the last two minutes, and how many of them were accepted. Once
/// more than twice as many are made as are accepted, it refuses the excess here: the callee sees
/// about twice the calls that it can serve, whatever the load. As it recovers, more is let through.
/// A circuit breaker knows all or nothing; a throttle knows shares.
///
/// With *R* requests, *A* accepts and the ratio *K* a call is refused with probability
/// max(0, (*R* - *K*·*A*) / (*R* + 1)):
///
/// | Requests | Accepts | K | Refused |
/// | --- | --- | --- | --- |
/// | 100 | 100 | 2 | 0 % |
/// | 100 | 50 | 2 | 0 % |
/// | 100 | 30 | 2 | 40 % |
/// | 100 | 30 | 1.5 | 54 % |
/// | 1000 | 0 | 2 | 99.9 %, but at most ``ThrottleSettings/maxRejection`` |
///
/// Less critical calls are refused first: what is to be refused is taken from the least critical class
/// upward. See ``Criticality``.
///
/// ## What counts
/// A refused call is a request at once. A call that is made is a request when it ends, so that calls
/// in flight are not taken for calls turned away. It is an accept if it is judged a success; a failure,
/// a timeout included, is none; an ignored call, such as a cancelled one or one that a policy further
/// in refused, does not count. A callee that fails for reasons other than its load is throttled as
/// well, and if the failures do not become fewer with the load, down to the probes: to look at load
/// alone, let the classifier judge every other answer a success.
///
/// ## Source
/// Cheng, A. C. & Beyer, B. (2016). [Handling
/// overload](https://sre.google/sre-book/handling-overload/), in *Site Reliability Engineering*,
/// section “Client-side throttling”.
public struct AdaptiveThrottle: Policy {
  @usableFromInline let core: ThrottleCore

  /// Creates a throttle that has seen nothing and refuses nothing.
  ///
  /// - Parameters:
  ///   - name: How the throttle is called in refusals and events.
  ///   - settings: How it behaves.
  ///   - classifier: Which outcomes are accepts, as said above.
  ///   - timeline: The time by which calls are forgotten.
  ///   - random: What decides which calls are refused; asked while some are.
  ///   - observer: Told of calls that are refused.
  /// - Precondition: The settings are valid.
  public init(
    _ name: String,
    _ settings: ThrottleSettings = ThrottleSettings(),
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    requireValid(settings.validate)
    PolicyCensus.note(.throttle, name)
    core = ThrottleCore(
      name: name,
      settings,
      judging: classifier,
      timeline: timeline,
      random: random,
      observer: observer
    )
  }

  /// Creates a throttle with the default settings but for its ratio and window.
  ///
  /// - Parameters:
  ///   - name: How the throttle is called in refusals and events.
  ///   - ratio: How many calls may be made for each one that is accepted, in 1...1000.
  ///   - window: How long a call is remembered; at least 24 ns.
  ///   - timeline: The time by which calls are forgotten.
  ///   - observer: Told of calls that are refused.
  /// - Precondition: Both are in their ranges.
  public init(
    _ name: String,
    ratio: Double,
    window: Duration = ThrottleSettings().window,
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    var settings = ThrottleSettings()
    settings.ratio = ratio
    settings.window = window
    self.init(name, settings, timeline: timeline, observer: observer)
  }

  /// The name of the throttle.
  public var name: String { core.name }

  /// The settings in effect.
  public var settings: ThrottleSettings { core.settings }

  /// The share of all calls that is to be refused now, in 0 ..< 1.
  ///
  /// With what probability a call is refused depends on its class: see ``snapshot``.
  public var rejectionProbability: Double { core.shedding.share }

  /// What the throttle knows now.
  public var snapshot: ThrottleSnapshot { ThrottleSnapshot(core.shedding) }

  /// One stage, with its settings.
  public var stages: [PolicyStage] {
    let settings = settings
    return [
      PolicyStage(
        .throttle,
        name: name,
        settings: [
          "ratio": "\(settings.ratio)",
          "window": "\(settings.window)",
          "buckets": "\(settings.buckets)",
          "minimumRequests": "\(settings.minimumRequests)",
          "maxRejection": "\(settings.maxRejection)",
        ]
      )
    ]
  }

  /// Whether nothing is refused now: a throttle made anew would refuse nothing either.
  public var isAtRest: Bool { !core.shedding.isAny }

  /// Goes on with other settings.
  ///
  /// The calls counted so far are kept, unless the window or its buckets are others; then the
  /// throttle begins anew.
  ///
  /// - Parameter settings: The new settings.
  /// - Throws: ``InvalidSetting``; the last good settings stay in effect then.
  public func apply(_ settings: ThrottleSettings) throws {
    try settings.validate()
    core.apply(settings)
  }

  /// Runs the operation unless the call is one of those to be refused, and counts how it ended.
  ///
  /// While nothing was to be refused when the last call ended, every call is let through; that old
  /// accepts are forgotten in between is noticed when the next one ends.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``Throttled`` if it was not run.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    let criticality = Criticality.current
    if core.mayRefuse { try core.admit(criticality) }
    do {
      let value = try await operation()
      let judges = core.classifier.judgesValues
      core.settle(criticality, as: judges ? core.classifier.judge(value: value) : .success)
      return value
    } catch {
      core.settle(criticality, as: core.classifier.judge(error))
      throw error
    }
  }
}
