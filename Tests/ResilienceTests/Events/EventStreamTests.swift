import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Events")
struct EventStreamTests {
  private let clock = ManualClock()

  @Test("A stream nobody reads holds no more than its capacity, and counts what it drops")
  func dropping() async throws {
    let events = EventStream(capacity: 10)
    let breaker = CircuitBreaker("callee", timeline: Timeline(clock), observer: events)
    for _ in 0..<100 { try await breaker.run {} }
    // Each call is two events: admitted, and how it ended.
    #expect(events.dropped == 190)
    events.finish()
    var held = 0
    for await _ in events { held += 1 }
    #expect(held == 10)
  }

  @Test("A reader sees the transitions in order")
  func reading() async throws {
    let events = EventStream(capacity: 100)
    let breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(1),
      timeline: Timeline(clock),
      observer: events
    )
    _ = try? await breaker.run { throw Boom() }
    clock.advance(by: .seconds(1))
    try await breaker.run {}
    events.finish()
    var states: [BreakerState] = []
    for await event in events {
      if case .transition(let transition) = event.kind { states.append(transition.to) }
    }
    #expect(states == [.open, .halfOpen, .closed])
    #expect(events.dropped == 0)
  }

  @Test("Events carry the caller's metadata, the inner one over the outer")
  func metadata() async throws {
    let seen = Recorder<String>()
    let breaker = CircuitBreaker(
      "callee",
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0)") }
    )
    try await withCallMetadata(["tenant": "a", "user": "1"]) {
      try await withCallMetadata(["user": "2"]) {
        try await breaker.run {}
      }
    }
    #expect(
      seen.all == [
        "0.0 seconds callee: admitted [tenant=a user=2]",
        "0.0 seconds callee: success [tenant=a user=2]",
      ]
    )
  }

  @Test("Two observers are both told, in their order")
  func both() async throws {
    let seen = Recorder<String>()
    let first = ClosureObserver { seen("1 \($0.kind)") }
    let second = ClosureObserver { seen("2 \($0.kind)") }
    let breaker = CircuitBreaker(
      "callee",
      timeline: Timeline(clock),
      observer: first.and(second)
    )
    try await breaker.run {}
    #expect(seen.all == ["1 admitted", "2 admitted", "1 success", "2 success"])
  }

  @Test("Stale and slow outcomes are told as such")
  func kinds() async throws {
    let seen = Recorder<String>()
    var settings = BreakerSettings()
    settings.slowAfter = .seconds(1)
    let breaker = CircuitBreaker(
      "callee",
      settings,
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0.kind)") }
    )
    try await breaker.run { clock.advance(by: .seconds(1)) }
    let early = try await breaker.acquire()
    await breaker.reset()
    await early.settle(as: .success)
    #expect(
      seen.all == [
        "admitted", "slow success", "admitted", "closed → closed", "success, too late to count",
      ]
    )
  }
}
