import ResilienceTesting
import Testing

@testable import Resilience

@Suite("At rest")
struct AtRestTests {
  private let clock = ManualClock()

  private func breaker(_ settings: BreakerSettings) -> CircuitBreaker {
    CircuitBreaker("x", settings, timeline: Timeline(clock))
  }

  private func fail(_ breaker: CircuitBreaker) async {
    _ = try? await breaker.run { throw Boom() }
  }

  @Test("A breaker is at rest when new, and after any number of successes")
  func successes() async throws {
    let breaker = breaker(
      .test(trip: .consecutiveFailures(3) || .failureRate(0.5, over: .seconds(10)))
    )
    #expect(breaker.isAtRest)
    for _ in 0..<100 { try await breaker.run {} }
    #expect(breaker.isAtRest)
    #expect(breaker.snapshot.windows.first?.tally.successes == 100, "asking forgets nothing")
  }

  @Test("A failure in a row is remembered until a success, also one only noted in passing")
  func inARow() async throws {
    for trip in [.consecutiveFailures(3), .consecutiveFailures(3) || .failureRate(1, lastCalls: 2)]
      as [TripRule]
    {
      let breaker = breaker(.test(trip: trip))
      await fail(breaker)
      #expect(!breaker.isAtRest)
      try await breaker.run {}
      try await breaker.run {}
      #expect(breaker.isAtRest)
    }
  }

  @Test("A failure in a window is remembered until it falls out of it")
  func windows() async throws {
    let rolling = breaker(.test(trip: .failureRate(0.9, over: .seconds(10))))
    await fail(rolling)
    try await rolling.run {}
    clock.advance(by: .seconds(8))
    #expect(!rolling.isAtRest)
    clock.advance(by: .seconds(2))
    #expect(rolling.isAtRest)

    let last = breaker(.test(trip: .failureRate(0.9, lastCalls: 3)))
    await fail(last)
    for _ in 0..<2 { try await last.run {} }
    #expect(!last.isAtRest)
    try await last.run {}
    #expect(last.isAtRest)
  }

  @Test("A slow success is remembered as a failure is")
  func slowness() async throws {
    var settings = BreakerSettings.test(trip: .slowCallRate(0.9, over: .seconds(10)))
    settings.slowAfter = .seconds(1)
    let breaker = breaker(settings)
    try await breaker.run { clock.advance(by: .seconds(2)) }
    #expect(!breaker.isAtRest)
    clock.advance(by: .seconds(10))
    #expect(breaker.isAtRest)
  }

  @Test("Open, half-open and held breakers are not at rest; one that has recovered is")
  func states() async throws {
    let breaker = breaker(.test(trip: .consecutiveFailures(1)))
    await fail(breaker)
    #expect(!breaker.isAtRest)
    clock.advance(by: .seconds(2))
    #expect(breaker.state == .halfOpen && !breaker.isAtRest)
    try await breaker.run {}
    #expect(breaker.state == .closed && breaker.isAtRest)
    for mode in BreakerMode.allCases {
      let hold = await breaker.hold(mode)
      #expect(!breaker.isAtRest, "\(mode)")
      await hold.release()
      #expect(breaker.isAtRest, "\(mode)")
    }
  }

  @Test("A parent is not at rest while a child lives")
  func parents() {
    let parent = breaker(.test())
    do {
      let child = CircuitBreaker("child", .test(), parent: parent)
      withExtendedLifetime(child) { #expect(!parent.isAtRest && child.isAtRest) }
    }
    #expect(parent.isAtRest)
  }

  @Test("A bulkhead is at rest when no call runs or waits")
  func bulkheads() async throws {
    let bulkhead = Bulkhead(limit: 1, queue: 1)
    #expect(bulkhead.isAtRest)
    let call = HeldCall()
    let task = Task { try await bulkhead.run { try await call.run() } }
    await call.hasBegun()
    #expect(!bulkhead.isAtRest)
    call.succeed()
    _ = try await task.value
    #expect(bulkhead.isAtRest)
  }
}
