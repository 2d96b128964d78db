import Resilience

extension Case {
  /// Circuit breakers, after the plain actor that users write by hand.
  static let breakers = [
    plainActor,
    closed,
    closedRolling,
    closedLast,
    Case("breaker.closed.slow", against: "control.actor", of: slowCalls) { breaker, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("breaker.closed.observed", against: "breaker.closed", of: observed) { breaker, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("breaker.closed.default", against: "control.actor", of: CircuitBreaker("default")) {
      breaker,
      calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case(
      "control.actor.open",
      against: "bare",
      refusals(by: NaiveBreaker(threshold: 1, openFor: .seconds(86_400)))
    ),
    Case(
      "breaker.open",
      against: "control.actor.open",
      refusals(
        by: CircuitBreaker("open", trip: .consecutiveFailures(1), openFor: .seconds(86_400))
      )
    ),
    Case(
      "breaker.open.nil",
      against: "control.actor.open",
      silentRefusals(
        by: CircuitBreaker("open", trip: .consecutiveFailures(1), openFor: .seconds(86_400))
      )
    ),
  ]

  private static var slowCalls: CircuitBreaker {
    var settings = BreakerSettings()
    settings.slowAfter = .seconds(1)
    settings.trip = .slowCallRate(0.5, over: .seconds(10))
    return CircuitBreaker("slow calls", settings)
  }

  /// One with an observer that does next to nothing.
  private static var observed: CircuitBreaker {
    CircuitBreaker(
      "observed",
      trip: .consecutiveFailures(5),
      observer: ClosureObserver { Blackhole.swallow(Int($0.at.nanoseconds)) }
    )
  }

  static let plainActor = Case(
    "control.actor",
    against: "bare",
    of: NaiveBreaker(threshold: 5, openFor: .seconds(30))
  ) { breaker, calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
    Blackhole.swallow(sum)
  }

  static let closed = Case(
    "breaker.closed",
    against: "control.actor",
    of: CircuitBreaker("closed", trip: .consecutiveFailures(5))
  ) { breaker, calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
    Blackhole.swallow(sum)
  }

  static let closedRolling = Case(
    "breaker.closed.rolling",
    against: "control.actor",
    of: CircuitBreaker("rolling", trip: .failureRate(0.5, over: .seconds(10)))
  ) { breaker, calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
    Blackhole.swallow(sum)
  }

  static let closedLast = Case(
    "breaker.closed.last",
    against: "control.actor",
    of: CircuitBreaker("last", trip: .failureRate(0.5, lastCalls: 100))
  ) { breaker, calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await breaker.run { try await operation(i) } }
    Blackhole.swallow(sum)
  }
}
