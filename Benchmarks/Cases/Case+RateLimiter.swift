import Resilience

extension Case {
  /// The rate limiter with a permit for every call.
  ///
  /// Calls that do nothing come faster than the highest rate there is, so each round has a limiter of
  /// its own, with a quota that outlasts the round. The growth of the sliding window's log is in it.
  static let rateLimiters = [
    Case("ratelimiter.bucket", against: "bare.closure") { calls in
      let limiter = RateLimiter(
        "bucket",
        .tokenBucket(1_000_000, per: .seconds(1), burst: 1_000_000)
      )
      var sum = 0
      for i in 0..<calls { sum &+= try await limiter.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("ratelimiter.sliding", against: "bare.closure") { calls in
      let limiter = RateLimiter("sliding", .slidingWindow(1_000_000, per: .seconds(1)))
      var sum = 0
      for i in 0..<calls { sum &+= try await limiter.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("ratelimiter.fixed", against: "bare.closure") { calls in
      let limiter = RateLimiter("fixed", .fixedWindow(1_000_000, per: .seconds(1)))
      var sum = 0
      for i in 0..<calls { sum &+= try await limiter.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
  ]
}
