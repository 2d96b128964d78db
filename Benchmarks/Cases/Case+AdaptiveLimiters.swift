import Resilience

extension Case {
  /// Adaptive limiters; all calls are quick and alone, so that the limit stays where it is.
  static let adaptiveLimiters = [
    Case("adaptive", against: "bare.closure", of: AdaptiveLimiter("benchmark")) { limiter, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await limiter.run { try await operation(i) } }
      Blackhole.swallow(sum)
    }
  ]
}
