import Resilience

extension Case {
  /// Bulkheads, beside two atomic instructions.
  static let bulkheads = [
    Case("control.atomics", against: "bare.closure", of: AtomicPair()) { pair, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await pair.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("bulkhead", against: "control.atomics", of: Bulkhead(limit: 100)) { bulkhead, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await bulkhead.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("bulkhead.weighted", against: "control.atomics", of: Bulkhead(limit: 100)) {
      bulkhead,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await bulkhead.run(weight: 2) { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case(
      "bulkhead.handover",
      against: "bare.suspending",
      over: "bare.suspending",
      of: Bulkhead(limit: 1, queue: 2, maxWait: .seconds(60)),
      handOvers
    ),
  ]

  /// Calls of two tasks that share one place: each call waits until the other's has ended.
  private static let handOvers: @Sendable (Bulkhead, Int) async throws -> Void = {
    bulkhead,
    calls in
    try await withThrowingDiscardingTaskGroup { group in
      for task in 0..<2 {
        group.addTask {
          var sum = 0
          for i in 0..<(calls + task) / 2 {
            sum &+= try await bulkhead.run { try await suspendingOperation(i) }
          }
          Blackhole.swallow(sum)
        }
      }
    }
  }
}
