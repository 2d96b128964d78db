extension Pipeline where Stack == AnyPolicy {
  /// A pipeline that is safe to begin with.
  ///
  /// From outside to inside: the whole call within 10 s; up to 3 attempts, with exponential back-off
  /// from 100 ms up to 2 s and a budget of a fifth; a circuit breaker with the default settings; at
  /// most 64 calls at once, and 128 that wait for up to a second; each attempt within 3 s. One call
  /// becomes at most 3, and in the long run a client makes at most 1.2 times its calls, and one a
  /// second.
  ///
  /// - Parameters:
  ///   - name: The name of the pipeline and its policies.
  ///   - timeline: The time of all its policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: A pipeline with policies of its own; make it once for one callee.
  public static func standard(
    _ name: String,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> Pipeline<AnyPolicy> {
    let parts = PresetParts(name, timeline, random, observer)
    return erased(name) {
      parts.standardWholeCall
      parts.standardRetry
      parts.standardBreaker
      parts.standardBulkhead
      parts.standardAttempt
    }
  }

  /// A pipeline for callers who would rather know at once: someone waits in front of a screen, or
  /// there is something else to show.
  ///
  /// From outside to inside: a circuit breaker that opens after 3 failures in a row, or when half of
  /// the calls of 10 s have failed, and probes after 5 s, growing to a minute; at most 64 calls at
  /// once, and none that waits; each within 1 s. Nothing is repeated: one call becomes at most 1.
  ///
  /// - Parameters:
  ///   - name: The name of the pipeline and its policies.
  ///   - timeline: The time of all its policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: A pipeline with policies of its own; make it once for one callee.
  public static func fastFail(
    _ name: String,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> Pipeline<AnyPolicy> {
    let parts = PresetParts(name, timeline, random, observer)
    var breaker = BreakerSettings()
    breaker.trip = .consecutiveFailures(3) || .failureRate(0.5, over: .seconds(10))
    breaker.open = .growing(from: .seconds(5), upTo: .seconds(60), jitter: 0.2)
    return erased(name) {
      parts.breaker(breaker)
      parts.bulkhead(limit: 64, QueueSettings())
      parts.timeout(.seconds(1), "call")
    }
  }

  /// A pipeline for work that nobody waits for, and that is to succeed in the end.
  ///
  /// From outside to inside: the whole call within 10 min; up to 15 attempts, with exponential
  /// back-off from 500 ms up to 60 s, a budget of a fifth, and refusals of the circuit waited for,
  /// each of which counts as an attempt; a circuit breaker that opens for 30 s, growing to 5 min; at
  /// most 16 calls at once, and 1 000 that wait for up to a minute; each attempt within 30 s. One call
  /// becomes at most 15, and in the long run a client makes at most 1.2 times its calls, and one a
  /// second.
  ///
  /// - Parameters:
  ///   - name: The name of the pipeline and its policies.
  ///   - timeline: The time of all its policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: A pipeline with policies of its own; make it once for one callee.
  public static func patient(
    _ name: String,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> Pipeline<AnyPolicy> {
    let parts = PresetParts(name, timeline, random, observer)
    var retry = RetrySettings()
    retry.attempts = 15
    retry.backoff = .exponential(from: .milliseconds(500), upTo: .seconds(60))
    retry.longestRefusal = .seconds(300)
    retry.budget = RetryBudget(timeline: timeline)
    var breaker = BreakerSettings()
    breaker.open = .growing(from: .seconds(30), upTo: .seconds(300), jitter: 0.2)
    return erased(name) {
      parts.timeout(.seconds(600), "whole call")
      parts.retry(retry)
      parts.breaker(breaker)
      parts.bulkhead(limit: 16, QueueSettings(limit: 1_000, maxWait: .seconds(60)))
      parts.timeout(.seconds(30), "attempt")
    }
  }

  private static func erased(
    _ name: String,
    @PipelineBuilder _ policies: () -> some Policy
  ) -> Pipeline<AnyPolicy> {
    let stack = policies()
    return Pipeline(name) { AnyPolicy(stack) }
  }
}
