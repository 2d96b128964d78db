import Resilience
import ResilienceTesting

/// The policies of one client, made for it alone.
struct PolicyStack: Sendable {
  let policy: AnyPolicy
  let breaker: CircuitBreaker?

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
    let breaker = choice.hasBreaker ? Self.breaker(limits, timeline, random) : nil
    let attempt = Timeout(limits.attemptTimeout, name: "attempt", timeline: timeline)
    self.breaker = breaker
    switch (choice, breaker) {
    case (.none, _):
      policy = AnyPolicy(meter)
    case (.timeout, _):
      policy = Self.pipeline {
        attempt
        meter
      }
    case (.retry, _):
      policy = Self.pipeline {
        Retry(attempts: limits.naiveAttempts, backoff: .none, timeline: timeline, random: random)
        attempt
        meter
      }
    case (.standard, let breaker?):
      policy = Self.pipeline {
        Timeout(limits.callTimeout, name: "call", timeline: timeline)
        Self.retry(limits, timeline, random)
        breaker
        Bulkhead(
          limit: limits.bulkheadLimit,
          queue: limits.bulkheadQueue,
          maxWait: limits.attemptTimeout,
          timeline: timeline
        )
        attempt
        meter
      }
    case (_, let breaker?):
      policy = Self.pipeline {
        breaker
        attempt
        meter
      }
    case (.breaker, nil), (.standard, nil):
      preconditionFailure("a client with a breaker has one")
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
    settings.open = .constant(limits.openFor)
    settings.halfOpen.probes = limits.probes
    settings.halfOpen.ramp = limits.ramp
    return CircuitBreaker("users", settings, timeline: timeline, random: random)
  }
}
