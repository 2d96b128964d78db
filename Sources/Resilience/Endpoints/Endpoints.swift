/// Several endpoints of one service: shares calls among them, and leaves out what fails.
///
/// ```swift
/// let replicas = Endpoints("users", ["a.internal", "b.internal", "c.internal"])
/// let user = try await replicas.run(through: pipeline) { host in
///   try await fetchUser(id, from: host)
/// }
/// ```
///
/// Each attempt is a choice: a retry in the pipeline stands outside of it, and goes to another
/// endpoint than those that have failed in the same call, where there is another.
///
/// ## What is left out
/// An endpoint that fails several times in a row, or much more often than the others together, is
/// *ejected*: it gets no calls for a while, longer each time. Then one call probes it. If the probe
/// succeeds it returns, slowly at first; if it fails it is ejected again. A probe that says nothing,
/// or does not end within the time of an ejection, makes room for another one.
///
/// Never are more than ``EndpointSettings/maxEjected`` of them left out, and never all. When more than
/// that are bad, this is no matter of outliers: calls go on to those in service, bad or not, so that
/// few endpoints are not crushed by the load of all, and the service is seen to recover. A circuit
/// breaker around it is what stops calls then.
///
/// What is ignored says nothing: cancelled calls, and refusals of policies further in.
///
/// Endpoints can be added and removed at any time. Calls in flight to one that was removed go on, and
/// say nothing any more.
///
/// ## Source
/// The idea: [Envoy, outlier
/// detection](https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier).
public final class Endpoints<Endpoint: Hashable & Sendable>: Sendable {
  @usableFromInline let core: EndpointsCore

  /// Creates endpoints that are all in service.
  ///
  /// - Parameters:
  ///   - name: How they are called, in refusals and events.
  ///   - endpoints: The endpoints, at most 1 000; of equal ones the first counts. May be empty.
  ///   - settings: How calls are shared, and when an endpoint is left out. Must be valid.
  ///   - classifier: What an outcome says about the endpoint.
  ///   - timeline: The time by which endpoints are ejected.
  ///   - random: What endpoints are drawn from.
  ///   - observer: Told when an endpoint is ejected or returns.
  public init(
    _ name: String,
    _ endpoints: some Sequence<Endpoint>,
    _ settings: EndpointSettings = EndpointSettings(),
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    let endpoints = Array(endpoints)
    requireValid { () throws(InvalidSetting) in
      try settings.validate()
      try EndpointsCore.Roster.check(endpoints.count)
    }
    core = EndpointsCore(
      name,
      endpoints.map(Self.seated),
      settings,
      judging: classifier,
      timeline: timeline,
      random: random,
      observer: observer
    )
  }

  private static func seated(_ endpoint: Endpoint) -> SeatedEndpoint {
    SeatedEndpoint(seat: Seat(endpoint))
  }

  /// The endpoint in a seat that was made here, so that its type is known.
  @inlinable
  func endpoint(in seat: any EndpointSeat) -> Endpoint {
    guard let seat = seat as? Seat<Endpoint> else {
      preconditionFailure("the seats of endpoints are all of their type")
    }
    return seat.endpoint
  }

  /// How they are called, in refusals and events.
  public var name: String { core.name }

  // MARK: Calls

  /// Runs an operation on one of the endpoints.
  ///
  /// - Parameter operation: What to call, once. It runs on the caller's isolation.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``NoEndpoint`` if there is none.
  @inlinable
  public func run<T>(_ operation: (Endpoint) async throws -> T) async throws -> T {
    var tried = EndpointsTried()
    return try await attempt(&tried, operation)
  }

  /// Runs an operation under a policy, each attempt on an endpoint of its own choice.
  ///
  /// - Parameters:
  ///   - policy: What stands around the choice, such as a retry.
  ///   - operation: What to call. It runs on the caller's isolation, as often as the policy decides.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw last, or an error of the policy; ``NoEndpoint``.
  @inlinable
  public func run<T>(
    through policy: some Policy,
    _ operation: (Endpoint) async throws -> T
  ) async throws -> T {
    var tried = EndpointsTried()
    return try await policy.run { try await attempt(&tried, operation) }
  }

  @inlinable
  func attempt<T>(
    _ tried: inout EndpointsTried,
    _ operation: (Endpoint) async throws -> T
  ) async throws -> T {
    let attempt = try core.choose(avoiding: tried)
    do {
      let value = try await operation(endpoint(in: attempt.seat))
      let classifier = core.classifier
      let verdict = classifier.judgesValues ? classifier.judge(value: value) : .success
      core.settle(attempt, as: verdict)
      if verdict == .failure { tried.note(attempt) }
      return value
    } catch {
      core.settle(attempt, as: core.classifier.judge(error))
      tried.note(attempt)
      throw error
    }
  }

  /// Chooses an endpoint for work that does not fit into a closure.
  ///
  /// - Parameter tried: What the call has tried in vain.
  /// - Returns: The endpoint, to be settled.
  /// - Throws: ``NoEndpoint`` if there is none.
  public func acquire(
    avoiding tried: EndpointsTried = EndpointsTried()
  ) throws -> EndpointPermit<Endpoint> {
    let attempt = try core.choose(avoiding: tried)
    return EndpointPermit(endpoint(in: attempt.seat), attempt, of: core)
  }

  // MARK: Coming and going

  /// The endpoints, in the order in which they came.
  public var all: [Endpoint] { core.present.endpoints.map { endpoint(in: $0.seat) } }

  /// Adds an endpoint, which starts slowly.
  ///
  /// - Parameter endpoint: One more endpoint.
  /// - Returns: Whether it was not there yet.
  /// - Throws: ``InvalidSetting`` if there are 1 000 already.
  @discardableResult
  public func add(_ endpoint: Endpoint) throws -> Bool {
    try core.add(Self.seated(endpoint))
  }

  /// Removes an endpoint; calls to it go on.
  ///
  /// - Parameter endpoint: Which one.
  /// - Returns: Whether it was there.
  @discardableResult
  public func remove(_ endpoint: Endpoint) -> Bool {
    core.remove(Self.seated(endpoint))
  }

  /// Goes on with other endpoints: those that are there stay as they are, new ones start slowly.
  ///
  /// - Parameter endpoints: At most 1 000; of equal ones the first counts. May be empty.
  /// - Throws: ``InvalidSetting`` if there are more; nothing is changed then.
  public func replaceAll(with endpoints: some Sequence<Endpoint>) throws {
    let endpoints = Array(endpoints)
    try EndpointsCore.Roster.check(endpoints.count)
    core.replaceAll(with: endpoints.map(Self.seated))
  }

  // MARK: Settings and questions

  /// The settings in effect.
  public var settings: EndpointSettings { core.present.machine.settings }

  /// Goes on with other settings.
  ///
  /// - Parameter settings: The new settings.
  /// - Throws: ``InvalidSetting``; the last good settings stay in effect then.
  public func apply(_ settings: EndpointSettings) throws {
    try settings.validate()
    core.apply(settings)
  }

  /// What is known of the endpoints, in the order in which they came, at one instant.
  public var snapshot: [EndpointSnapshot<Endpoint>] {
    let (now, roster) = (core.now, core.present)
    return roster.endpoints.indices.map { index in
      let endpoint = endpoint(in: roster.endpoints[index].seat)
      return EndpointSnapshot(endpoint, roster.machine, index: index, at: now)
    }
  }

  /// How many failures would have ejected an endpoint if that did not leave too few in service.
  ///
  /// While it grows, more than a share of the endpoints is bad.
  public var suppressedEjections: Int { core.present.machine.suppressed }
}

extension Endpoints: PolicyLayer {
  /// One stage, with its settings.
  public var stages: [PolicyStage] {
    let settings = settings
    return [
      PolicyStage(
        .other,
        name: name,
        settings: [
          "choice": "\(settings.choice)",
          "consecutiveFailures": "\(settings.consecutiveFailures)",
          "excessFailureRate": "\(settings.excessFailureRate)",
          "ejection": "\(settings.ejection)",
          "maxEjected": "\(settings.maxEjected)",
          "slowStart": "\(settings.slowStart)",
        ]
      )
    ]
  }
}
