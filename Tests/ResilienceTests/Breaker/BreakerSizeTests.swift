import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Circuit breaker: size", .serialized)
struct BreakerSizeTests {
  @Test("A breaker is one object of at most 128 bytes, and its counts at most 112 more")
  func objects() {
    // The header of the object is two words, and the allocator's one more.
    #expect(MemoryLayout<BreakerCore>.size + 24 <= 128)
    #expect(MemoryLayout<BreakerMachine>.size <= 32)
    let layout = BreakerSettings().plan.layout
    #expect(layout.words == 11)
    #expect(layout.words * 8 + 24 <= 112)
    #expect(MemoryLayout<CallCounts>.size == 8)
  }

  @Test(
    "A hundred thousand breakers that have counted take 256 bytes each, names and windows included",
    .enabled(if: isSoaking, "set RESILIENCE_SOAK=1 and run this test alone")
  )
  func resident() throws {
    let count = 100_000
    var breakers: [CircuitBreaker] = []
    breakers.reserveCapacity(count)
    let before = try #require(residentBytes)
    for _ in 0..<count {
      let breaker = CircuitBreaker("callee")
      _ = breaker.core.settle(BreakerTicket(breaker.core.glance, .origin), as: .failure)
      breakers.append(breaker)
    }
    let after = try #require(residentBytes)
    let bytes = (after - before) / count
    print("bytes per breaker: \(bytes)")
    // Eight of them are the array's.
    #expect(bytes < 272, "\(bytes) bytes per breaker")
    #expect(breakers.allSatisfy { $0.snapshot.consecutiveFailures == 1 })
  }

  @Test("Breakers made from one value share it, and those with the defaults share theirs")
  func sharing() {
    let settings = BreakerSettings.test(trip: .failures(2, lastCalls: 3))
    let plan = settings.plan
    #expect(CircuitBreaker("a", settings).core.plan === plan)
    #expect(CircuitBreaker("b", settings).settings.plan === plan)
    let usual = BreakerSettings().plan
    #expect(CircuitBreaker("c").core.plan === usual)
    #expect(CircuitBreaker("d", BreakerSettings()).core.plan === usual)
    #expect(plan !== usual)
  }

  @Test("Breakers made one after the other from the same few settings share them")
  func briefly() {
    func make(_ trip: TripRule, _ probes: Int = 1) -> BreakerPlan {
      CircuitBreaker("x", trip: trip, openFor: .seconds(7), probes: probes).core.plan
    }
    func rule() -> TripRule {
      .failureRate(0.25, over: .seconds(3)) && (.failures(3, lastCalls: 9) || .openChildren(0.5))
    }
    // Another test may make breakers meanwhile, so that not each of them finds the one before.
    #expect((0..<100).contains { _ in make(rule()) === make(rule()) })
    #expect(make(rule()) !== make(rule(), 2))
    #expect(make(rule()) !== make(.consecutiveFailures(3)))
    let own = TripRule.custom("own", over: .lastCalls(2)) { _ in true }
    #expect(make(own) !== make(own))
  }

  @Test("Of two rules that differ in one number neither is taken for the other")
  func rulesApart() {
    let second = Duration.seconds(1)
    let rules: [TripRule] = [
      .consecutiveFailures(3), .consecutiveFailures(4),
      .failureRate(0.5, over: second), .failureRate(0.6, over: second),
      .failureRate(0.5, over: second * 2), .failureRate(0.5, over: second, minimumCalls: 3),
      .failureRate(0.5, over: second, buckets: 3), .failureRate(0.5, lastCalls: 10),
      .slowCallRate(0.5, over: second), .failures(3, over: second), .failures(4, over: second),
      .failures(3, lastCalls: 10), .openChildren(0.5), .openChildren(0.6),
      .openChildren(0.5, atLeast: 3),
    ]
    let both = rules.flatMap { lhs in
      [lhs, lhs || .consecutiveFailures(9), lhs && .consecutiveFailures(9)]
    }
    for (i, lhs) in both.enumerated() {
      for (k, rhs) in both.enumerated() {
        #expect(lhs.node.isSame(as: rhs.node) == (i == k), "\(lhs) and \(rhs)")
      }
    }
  }

  @Test("A value that is changed, and a breaker that is given others, leave the others alone")
  func apart() async throws {
    var settings = BreakerSettings.test(trip: .consecutiveFailures(3))
    let one = CircuitBreaker("one", settings)
    let other = CircuitBreaker("other", settings)
    let copy = settings
    settings.trip = .failures(1, lastCalls: 5)
    settings.halfOpen.probes = 7
    settings.slowAfter = .seconds(1)
    #expect("\(copy.trip)" == "3 failures in a row")
    #expect(copy.halfOpen.probes == 1 && copy.slowAfter == nil)
    #expect("\(one.settings.trip)" == "3 failures in a row")
    try await one.apply(settings)
    #expect(one.settings.halfOpen.probes == 7)
    #expect(one.settings.slowAfter == .seconds(1))
    #expect("\(other.settings.trip)" == "3 failures in a row")
    #expect(other.settings.halfOpen.probes == 1)
    #expect(other.snapshot.windows.isEmpty)
    for breaker in [one, other] { _ = try? await breaker.run { throw Boom() } }
    #expect(one.state == .open)
    #expect(other.state == .closed)
  }

  @Test("A copy of a machine that counts and trips leaves the original as it was")
  func copies() {
    let original = {
      var machine = BreakerMachine(.test(trip: .failures(3, over: .seconds(10))))
      _ = machine.live("sf")
      return machine
    }()
    let words = original.windowRecords
    var copy = original
    #expect(copy.live("ff") == "co")
    #expect(original.windowRecords == words)
    #expect(original.phase == .closed && original.trips == 0)
    #expect(copy.trips == 1)
  }

  @Test("Settings print themselves one by one, however they are kept")
  func mirror() {
    #expect(
      Mirror(reflecting: BreakerSettings()).children.compactMap(\.label)
        == ["trip", "slowAfter", "open", "halfOpen", "grace", "startsOpen"]
    )
  }

  @Test("What others isolate to a breaker runs on its own executor, one at a time")
  func isolation() async {
    let breaker = CircuitBreaker("x")
    await withDiscardingTaskGroup { group in
      for _ in 0..<50 { group.addTask { await breaker.checkIsolation() } }
    }
  }
}

extension CircuitBreaker {
  fileprivate func checkIsolation() { preconditionIsolated() }
}
