import Resilience

extension Case {
  /// The other policies, one by one.
  static let policies = [
    Case("retry", against: "bare.closure", of: Retry()) { retry, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await retry.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("bulkhead", against: "bare.closure", of: Bulkhead(limit: 100)) { bulkhead, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await bulkhead.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
  ]
}
