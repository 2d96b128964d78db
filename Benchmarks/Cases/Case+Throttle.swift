import Resilience

extension Case {
  /// Adaptive throttles.
  static let throttles = [
    Case("throttle", against: "bare.closure", of: AdaptiveThrottle("throttle")) { throttle, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await throttle.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case(
      "throttle.stated",
      against: "bare.closure",
      of: AdaptiveThrottle("throttle, criticality stated")
    ) { throttle, calls in
      let sum = try await withCriticality(.critical) {
        var sum = 0
        for i in 0..<calls { sum &+= try await throttle.run { try await operation(i) } }
        return sum
      }
      Blackhole.swallow(sum)
    },
  ]
}
