public import Resilience

/// What a service configuration says about a method, as policies.
///
/// From outside to inside: the timeout of the whole call; retries or hedges; waiting for the service
/// to be reachable. The owner of the service knows which codes are safe to repeat, so the retries and
/// hedges of a plan do not ask whether the method may be carried out twice.
public struct MethodPlan: Sendable {
  /// How long a whole call may take, with all messages of a stream; `nil` when nothing is said.
  public let timeout: Duration?

  /// Whether a call waits until the service can be reached, up to its deadline, or for a minute if it
  /// has none.
  public let waitsForReady: Bool

  /// The most bytes that a message of a request may have; `nil` when nothing is said.
  public let maxRequestBytes: Int?

  /// The most bytes that a message of a response may have; `nil` when nothing is said.
  public let maxResponseBytes: Int?

  /// How calls are repeated; `nil` for a method whose calls are not.
  public let retry: RetryRule?

  /// How calls are hedged; `nil` for a method whose calls are not.
  public let hedging: HedgingRule?

  /// The policies but for hedging, which is no policy: it runs calls at the same time.
  public let pipeline: Pipeline<AnyPolicy>

  /// What the timeout is called in its error.
  let name: String

  private let timeline: Timeline
  private let outer: AnyPolicy
  private let hedge: ConfiguredHedge?
  private let ready: WaitForReady?

  init(_ settings: MethodSettings, named name: String, _ parts: PlanParts) {
    timeout = settings.timeout
    waitsForReady = settings.waitsForReady
    maxRequestBytes = settings.maxRequestBytes
    maxResponseBytes = settings.maxResponseBytes
    retry = settings.retry
    hedging = settings.hedging
    self.name = name
    timeline = parts.timeline
    let limit = settings.timeout.map { limit in
      Timeout(limit, name: name, timeline: parts.timeline, observer: parts.observer)
    }
    let ready = settings.waitsForReady ? WaitForReady(name, parts) : nil
    let isRetried = settings.retry != nil || parts.throttle != nil
    let repeated = isRetried ? ConfiguredRetry(settings.retry, name, parts) : nil
    hedge = settings.hedging.map { ConfiguredHedge($0, parts) }
    self.ready = ready
    outer = Self.erased {
      if let limit { limit }
    }
    pipeline = Pipeline(name) {
      Self.erased {
        if let limit { limit }
        if let repeated { repeated }
        if let ready { ready }
      }
    }
  }

  private static func erased(@PipelineBuilder _ policies: () -> some Policy) -> AnyPolicy {
    AnyPolicy(policies())
  }

  /// Runs a call as the plan says.
  ///
  /// - Parameter operation: What to call, given the number of the attempt; the first is 1.
  /// - Returns: What the call returned.
  /// - Throws: What the call threw, or `TimedOut`.
  public func run<Value: Sendable>(
    _ operation: @escaping @Sendable (_ attempt: Int) async throws -> Value
  ) async throws -> Value {
    guard let hedge else { return try await runOneByOne(operation) }
    let ready = ready
    return try await outer.run {
      try await hedge.run { attempt in
        guard let ready else { return try await operation(attempt) }
        return try await ready.run { try await operation(attempt) }
      }
    }
  }

  /// Runs a call as the plan says, but never twice at the same time: a hedge is left out.
  ///
  /// - Parameter operation: What to call, given the number of the attempt; the first is 1. It runs on
  ///   the caller's isolation.
  /// - Returns: What the call returned.
  /// - Throws: What the call threw, or `TimedOut`.
  public func runOneByOne<Value>(
    _ operation: (_ attempt: Int) async throws -> Value
  ) async throws -> Value {
    var attempt = 0
    return try await CallTraits.$isRepeatable.withValue(true) {
      try await pipeline.run {
        attempt += 1
        return try await operation(attempt)
      }
    }
  }

  /// Runs something of which a call is the beginning, with the plan's timeout as its deadline.
  func withinTimeout<Value>(_ operation: () async throws -> Value) async throws -> Value {
    guard let timeout else { return try await operation() }
    return try await withCallDeadline(in: timeout, on: timeline, operation)
  }

  /// The limits of a client, where the plan does not say less.
  func tightening(_ limits: RPCLimits) -> RPCLimits {
    var tightened = limits
    tightened.requestBytes = min(limits.requestBytes, maxRequestBytes ?? .max)
    tightened.responseBytes = min(limits.responseBytes, maxResponseBytes ?? .max)
    return tightened
  }
}

/// What the plans of a configuration share.
struct PlanParts: Sendable {
  let throttle: RetryThrottle?
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?
}
