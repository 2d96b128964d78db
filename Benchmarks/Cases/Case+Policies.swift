import Resilience

extension Case {
  /// The other policies, one by one.
  static let policies = [
    Case("retry", against: "bare.closure", of: Retry()) { retry, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await retry.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("retry.budget", against: "bare.closure", of: Retry(budget: RetryBudget())) {
      retry,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await retry.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("fallback", against: "bare.closure", of: Fallback(-1)) { fallback, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await fallback.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("hedge.unfired", against: "bare.closure", of: Hedge(after: .fixed(.seconds(60)))) {
      hedge,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await hedge.run { _ in try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("timeout.abandoning", against: "control.taskgroup", of: AbandoningTimeout(.seconds(60))) {
      timeout,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await timeout.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("coalescer", against: "bare.closure", of: Coalescer<Int, Int>()) { coalescer, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await coalescer.run(for: 1) { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("deadline", against: "bare.closure", of: ()) { _, calls in
      var sum = 0
      for i in 0..<calls {
        sum &+= try await withCallDeadline(in: .seconds(60)) { try await operation(i) }
      }
      Blackhole.swallow(sum)
    },
  ]
}
