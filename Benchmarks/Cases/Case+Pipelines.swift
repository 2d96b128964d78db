import Resilience

extension Case {
  /// Policies nested into each other.
  static let pipelines = [
    Case("pipeline.3", against: "bare.closure", of: ofThree) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("pipeline.5", against: "bare.closure", of: ofFive) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("pipeline.5.erased", against: "bare.closure", of: AnyPolicy(ofFive)) { pipeline, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("pipeline.5.timeouts", against: "control.taskgroup", of: ofFiveWithTimeouts) {
      pipeline,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("pipeline.standard", against: "control.taskgroup", of: Pipeline.standard("callee")) {
      pipeline,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pipeline.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
  ]

  private static let ofThree = Pipeline("three") {
    Retry()
    CircuitBreaker("callee", trip: .consecutiveFailures(5))
    Bulkhead(limit: 100)
  }

  private static let ofFive = Pipeline("five") {
    Retry()
    CircuitBreaker("callee", trip: .consecutiveFailures(5))
    Bulkhead(limit: 100)
    Retry(attempts: 1)
    CircuitBreaker("instance", trip: .consecutiveFailures(5))
  }

  private static let ofFiveWithTimeouts = Pipeline("five with timeouts") {
    Timeout(.seconds(60), name: "total")
    Retry()
    CircuitBreaker("callee", trip: .consecutiveFailures(5))
    Bulkhead(limit: 100)
    Timeout(.seconds(30), name: "attempt")
  }
}
