import Resilience

extension Case {
  /// Policies by key: one hot key among a thousand.
  static let keyed = [
    Case("keyed.lookup", against: "breaker.closed", of: hosts(idleAfter: nil)) { hosts, calls in
      for _ in 0..<calls { Blackhole.swallow(hosts["host 500"]) }
    },
    Case("keyed.lookup.idle", against: "breaker.closed", of: hosts(idleAfter: .seconds(600))) {
      hosts,
      calls in
      for _ in 0..<calls { Blackhole.swallow(hosts["host 500"]) }
    },
    keyedBreaker,
  ]

  static let keyedBreaker = Case(
    "keyed.breaker",
    against: "breaker.closed",
    of: hosts(idleAfter: nil)
  ) { hosts, calls in
    var sum = 0
    for i in 0..<calls {
      sum &+= try await hosts.run(for: "host 500") { try await operation(i) }
    }
    Blackhole.swallow(sum)
  }

  private static func hosts(idleAfter: Duration?) -> Keyed<String, CircuitBreaker> {
    let hosts = Keyed<String, CircuitBreaker>(limit: 10_000, idleAfter: idleAfter) {
      CircuitBreaker($0, trip: .consecutiveFailures(5))
    }
    for number in 0..<1_000 { Blackhole.swallow(hosts["host \(number)"]) }
    return hosts
  }
}
