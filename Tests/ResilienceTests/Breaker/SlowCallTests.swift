import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Slow calls and heavy calls")
struct SlowCallTests {
  private let clock = ManualClock()

  private func breaker(_ rule: TripRule, slowAfter: Duration? = .seconds(1)) -> CircuitBreaker {
    var settings = BreakerSettings()
    settings.trip = rule
    settings.slowAfter = slowAfter
    settings.open = .constant(.seconds(10))
    return CircuitBreaker("callee", settings, timeline: Timeline(clock))
  }

  private func call(_ breaker: CircuitBreaker, taking duration: Duration, fails: Bool = false) async
  {
    _ = try? await breaker.run {
      clock.advance(by: duration)
      if fails { throw Boom() }
    }
  }

  @Test("A slow success trips when the slow rate is reached, a fast one never does")
  func slowSuccess() async {
    let breaker = breaker(.slowCallRate(0.5, lastCalls: 4))
    for _ in 0..<2 { await call(breaker, taking: .milliseconds(999)) }
    await call(breaker, taking: .seconds(1))
    #expect(breaker.state == .closed)
    await call(breaker, taking: .seconds(1))
    #expect(breaker.state == .open)
  }

  @Test(
    "Slow successes, slow failures and fast failures are told apart and leave the window rightly"
  )
  func tallies() async {
    let breaker = breaker(.slowCallRate(1, lastCalls: 4) && .consecutiveFailures(100))
    await call(breaker, taking: .seconds(2))
    await call(breaker, taking: .seconds(2), fails: true)
    await call(breaker, taking: .zero, fails: true)
    await call(breaker, taking: .zero)
    func tally() -> CallTally { breaker.snapshot.windows[0].tally }
    #expect(tally() == CallTally(successes: 2, failures: 2, slowSuccesses: 1, slowFailures: 1))
    await call(breaker, taking: .zero)
    #expect(tally() == CallTally(successes: 2, failures: 2, slowFailures: 1))
    await call(breaker, taking: .zero)
    #expect(tally() == CallTally(successes: 3, failures: 1))
    await call(breaker, taking: .zero)
    await call(breaker, taking: .zero)
    #expect(tally() == CallTally(successes: 4))
  }

  @Test("Below the minimum of calls the slow rate never opens it")
  func minimum() async {
    let breaker = breaker(.slowCallRate(0.1, over: .seconds(1_000), minimumCalls: 5))
    for _ in 0..<4 { await call(breaker, taking: .seconds(2)) }
    #expect(breaker.state == .closed)
    await call(breaker, taking: .seconds(2))
    #expect(breaker.state == .open)
  }

  @Test("A slow probe is a failed probe")
  func slowProbe() async {
    let breaker = breaker(.consecutiveFailures(1))
    await call(breaker, taking: .zero, fails: true)
    clock.advance(by: .seconds(10))
    await call(breaker, taking: .seconds(1))
    #expect(breaker.state == .open)
    clock.advance(by: .seconds(10))
    await call(breaker, taking: .milliseconds(999))
    #expect(breaker.state == .closed)
  }

  @Test("Without a threshold no call is slow, however long it takes")
  func noThreshold() async {
    let breaker = breaker(.failureRate(0.9, lastCalls: 10), slowAfter: nil)
    await call(breaker, taking: .seconds(1_000_000))
    #expect(breaker.snapshot.windows[0].tally == CallTally(successes: 1))
  }

  @Test("A slow call that is ignored is not counted as slow")
  func slowIgnored() async {
    let breaker = breaker(.slowCallRate(0, lastCalls: 1))
    _ = try? await breaker.run {
      clock.advance(by: .seconds(5))
      throw CancellationError()
    }
    #expect(breaker.state == .closed)
    #expect(breaker.snapshot.windows[0].tally.calls == 0)
  }

  @Test("A heavy call counts for as many as its weight, in windows and in a row")
  func weight() async throws {
    let breaker = breaker(.failures(5, lastCalls: 10), slowAfter: nil)
    try await breaker.run(weight: 3) {}
    _ = try? await breaker.run(weight: 4) { throw Boom() }
    #expect(breaker.snapshot.windows[0].tally == CallTally(successes: 3, failures: 4))
    #expect(breaker.snapshot.consecutiveFailures == 4)
    let permit = try await breaker.acquire()
    await permit.settle(as: .failure, weight: 1)
    #expect(breaker.state == .open)
  }

  @Test("A weight below one is a programming error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      try? await CircuitBreaker("x").run(weight: 0) {}
    }
  }
}
