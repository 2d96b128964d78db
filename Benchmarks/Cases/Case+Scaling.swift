import Resilience

extension Case {
  /// How the cost grows with the number of policies, and with that of keys.
  static let scaling = [
    Case("scaling.policies.1", against: "bare.closure", of: Pipeline("1") { breaker }) {
      pipeline,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("scaling.policies.2", against: "bare.closure", of: two) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("scaling.policies.4", against: "bare.closure", of: four) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("scaling.policies.8", against: "bare.closure", of: eight) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    keys(1),
    keys(100),
    keys(10_000),
  ]

  private static var breaker: CircuitBreaker {
    CircuitBreaker("callee", trip: .consecutiveFailures(5))
  }

  private static let two = Pipeline("2") {
    breaker
    breaker
  }

  private static let four = Pipeline("4") {
    breaker
    breaker
    breaker
    breaker
  }

  private static let eight = Pipeline("8") {
    breaker
    breaker
    breaker
    breaker
    breaker
    breaker
    breaker
    breaker
  }

  /// Calls by one of so many keys, taken in turn.
  private static func keys(_ number: Int) -> Case {
    let hosts = Keyed<String, CircuitBreaker>(limit: 20_000) {
      CircuitBreaker($0, trip: .consecutiveFailures(5))
    }
    let keys = (0..<number).map { "host \($0)" }
    return Case("scaling.keys.\(number)", against: "breaker.closed", of: hosts) { hosts, calls in
      // Filled here, so that nobody else who lists the cases has to wait for it.
      if hosts.count == 0 { for key in keys { Blackhole.swallow(hosts[key]) } }
      var sum = 0
      for i in 0..<calls {
        sum &+= try await hosts.run(for: keys[i % keys.count]) { try await operation(i) }
      }
      Blackhole.swallow(sum)
    }
  }
}
