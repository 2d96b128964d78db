public import Resilience

extension HTTPHosts where Policies == Pipeline<AnyPolicy> {
  /// Policies for each host that are safe to begin with.
  ///
  /// For each target, from outside to inside: the whole call within 10 s; up to 3 attempts, with
  /// exponential back-off from 100 ms up to 2 s and a budget of a fifth; a circuit breaker with the
  /// default settings; the rate limit if there is one, for which a call waits up to a second; at most
  /// 64 calls at once, and 128 that wait for up to a second; each attempt within 3 s. Without a rate
  /// it is `Pipeline.standard` for each target.
  ///
  /// - Parameters:
  ///   - rate: How many attempts each target gets in which time; `nil` when nothing is known of what
  ///     it allows.
  ///   - routes: The templates of paths that have policies of their own.
  ///   - limit: The most targets with policies at a time, in 1...1000000000.
  ///   - idleAfter: After how long without use a target is forgotten. Positive; `nil` for never.
  ///   - timeline: The time of all policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: A registry without policies.
  /// - Precondition: All are in their ranges.
  public static func standard(
    rate: RateLimit? = nil,
    routes: [RouteTemplate] = [],
    limit: Int = HTTPHostsDefaults.limit,
    idleAfter: Duration? = HTTPHostsDefaults.idleAfter,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> HTTPHosts {
    HTTPHosts(routes: routes, limit: limit, idleAfter: idleAfter, timeline: timeline) { target in
      let name = "\(target)"
      guard let rate else {
        return .standard(name, timeline: timeline, random: random, observer: observer)
      }
      let parts = PresetParts(name, timeline, random, observer)
      let stack = Pipeline(name) {
        parts.standardWholeCall
        parts.standardRetry
        parts.standardBreaker
        RateLimiter(
          name,
          rate,
          maxWait: .seconds(1),
          maxWaiting: 128,
          timeline: timeline,
          observer: observer
        )
        parts.standardBulkhead
        parts.standardAttempt
      }
      return Pipeline(name) { AnyPolicy(stack) }
    }
  }
}
