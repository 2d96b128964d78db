import Resilience
import ResilienceTesting

/// The policies of one client, made for it alone.
struct PolicyStack: Sendable {
  /// What stands around the choice of a replica; nothing for clients that take turns.
  let outer: AnyPolicy?

  /// What stands around each attempt: for clients that take turns, everything.
  let each: AnyPolicy

  let breaker: CircuitBreaker?

  /// Where calls wait for a place; `nil` if there is no such place.
  let bulkhead: Bulkhead?

  /// Makes the policies.
  ///
  /// - Parameters:
  ///   - choice: Which of them; ``ClientPolicy/none`` makes none but the meter.
  ///   - limits: Their settings.
  ///   - timeline: Their time.
  ///   - seed: Decides what they draw.
  ///   - meter: Counts what they send.
  init(
    _ choice: ClientPolicy,
    _ limits: Limits,
    timeline: Timeline = .system,
    seed: UInt64,
    meter: AttemptMeter
  ) {
    let random = RandomSource(SplitMix64(seed: seed))
    let attempt = Timeout(limits.attemptTimeout, name: "attempt", timeline: timeline)
    let breaker = Self.breaker(limits, ramps: choice == .standard, timeline, random)
    let bulkhead = Bulkhead(
      limit: limits.bulkheadLimit,
      queue: limits.bulkheadQueue,
      maxWait: limits.attemptTimeout,
      timeline: timeline
    )
    self.breaker = choice.hasBreaker ? breaker : nil
    self.bulkhead = choice == .standard ? bulkhead : nil
    switch choice {
    case .none:
      outer = nil
      each = AnyPolicy(meter)
    case .timeout:
      outer = nil
      each = Self.pipeline {
        attempt
        meter
      }
    case .retry:
      outer = nil
      each = Self.pipeline {
        NaiveRetry(attempts: limits.naiveAttempts)
        attempt
        meter
      }
    case .breaker:
      outer = nil
      each = Self.pipeline {
        breaker
        attempt
        meter
      }
    case .standard:
      outer = Self.pipeline {
        Timeout(limits.callTimeout, name: "call", timeline: timeline)
        Self.retry(limits, timeline, random)
        breaker
        bulkhead
      }
      each = Self.pipeline {
        attempt
        meter
      }
    }
  }

  /// All policies, for a service of one replica.
  var whole: AnyPolicy {
    guard let outer else { return each }
    return Self.pipeline {
      outer
      each
    }
  }

  private static func pipeline(@PipelineBuilder _ policies: () -> some Policy) -> AnyPolicy {
    let stack = policies()
    return AnyPolicy(Pipeline("users") { stack })
  }

  private static func retry(
    _ limits: Limits,
    _ timeline: Timeline,
    _ random: RandomSource
  ) -> Retry {
    Retry(
      attempts: limits.attempts,
      backoff: .exponential(
        from: .milliseconds(limits.backoffFromMilliseconds),
        upTo: .milliseconds(limits.backoffUpToMilliseconds)
      ),
      budget: RetryBudget(
        ratio: limits.retryBudget,
        capacity: limits.retryBudgetCapacity,
        timeline: timeline
      ),
      timeline: timeline,
      random: random
    )
  }

  private static func breaker(
    _ limits: Limits,
    ramps: Bool,
    _ timeline: Timeline,
    _ random: RandomSource
  ) -> CircuitBreaker {
    var settings = BreakerSettings()
    settings.trip =
      .consecutiveFailures(limits.consecutiveFailures)
      || .failureRate(
        limits.failureRate,
        lastCalls: limits.failureRateLastCalls,
        minimumCalls: limits.failureRateMinimumCalls
      )
    settings.open = OpenDuration.constant(limits.openFor).honouringHints(upTo: .seconds(60))
    settings.halfOpen.probes = limits.probes
    if ramps, !limits.ramp.isEmpty {
      settings.halfOpen.ramp = limits.ramp
      settings.halfOpen.passing = .successes(limits.successesPerStep)
    }
    return CircuitBreaker("users", settings, timeline: timeline, random: random)
  }
}

extension EndpointSettings {
  /// How the standard client shares its calls among replicas.
  static func demo(_ limits: Limits) -> EndpointSettings {
    var settings = EndpointSettings()
    settings.consecutiveFailures = limits.ejectAfterFailures
    settings.ejection = limits.openFor
    settings.longestEjection = limits.openFor * 8
    settings.slowStart = limits.openFor
    return settings
  }
}
