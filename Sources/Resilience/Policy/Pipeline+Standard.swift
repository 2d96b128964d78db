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
    Pipeline(name) {
      AnyPolicy(
        Pipeline<AnyPolicy>.stack(name, timeline: timeline, random: random, observer: observer)
      )
    }
  }

  private static func stack(
    _ name: String,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?
  ) -> some Policy {
    let budget = RetryBudget(timeline: timeline)
    return Pipeline<_>(name) {
      Timeout(.seconds(10), name: "\(name), whole call", timeline: timeline, observer: observer)
      Retry(
        attempts: 3,
        backoff: .exponential(from: .milliseconds(100), upTo: .seconds(2)),
        budget: budget,
        name: name,
        timeline: timeline,
        random: random,
        observer: observer
      )
      CircuitBreaker(
        name,
        BreakerSettings(),
        timeline: timeline,
        random: random,
        observer: observer
      )
      Bulkhead(limit: 64, queue: 128, name: name, timeline: timeline, observer: observer)
      Timeout(.seconds(3), name: "\(name), attempt", timeline: timeline, observer: observer)
    }
  }
}
