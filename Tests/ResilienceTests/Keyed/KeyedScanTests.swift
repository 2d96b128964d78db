import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Policies by key, under a scan", .serialized)
struct KeyedScanTests {
  /// Opens some breakers, and then looks at so many other keys.
  private func scan(_ keys: Int, limit: Int, open: Int) async throws {
    let breakers = Keyed<Int, CircuitBreaker>(limit: limit) { _ in
      CircuitBreaker("callee", trip: .consecutiveFailures(1), openFor: .seconds(86_400))
    }
    for key in 0..<open { _ = try? await breakers.run(for: -1 - key) { throw Boom() } }
    for key in 0..<keys / 10 { try await breakers.run(for: key) {} }
    let before = residentBytes
    for key in keys / 10..<keys { try await breakers.run(for: key) {} }
    if isSoaking, let before, let after = residentBytes {
      #expect(after - before < 4 << 20, "\(before) → \(after) bytes")
    }
    #expect(breakers.count == limit && breakers.addsUp)
    for key in 0..<open { #expect(breakers.existing(-1 - key)?.state == .open, "breaker \(key)") }
    #expect(breakers.statistics.created - breakers.statistics.evicted == limit)
    #expect(breakers.statistics.overflowed < keys / 100)
  }

  @Test(
    "A scan of fifty thousand keys through a bound of five hundred leaves the open ones in place"
  )
  func smallScan() async throws {
    try await scan(50_000, limit: 500, open: 50)
  }

  @Test(
    "A scan of a million keys through a bound of ten thousand leaves memory flat",
    .enabled(if: isSoaking, "set RESILIENCE_SOAK=1")
  )
  func largeScan() async throws {
    try await scan(1_000_000, limit: 10_000, open: 1_000)
  }

  @Test("Eviction does not reset what a key in trouble has counted")
  func hotKey() async throws {
    let breakers = Keyed<String, CircuitBreaker>(limit: 100) {
      CircuitBreaker($0, trip: .consecutiveFailures(5))
    }
    for failure in 1...5 {
      await #expect(throws: Boom.self) { try await breakers.run(for: "hot") { throw Boom() } }
      for other in 0..<1_000 { _ = breakers["\(failure) \(other)"] }
    }
    #expect(breakers["hot"].state == .open)
    #expect(breakers.statistics.evicted >= 4_900)
  }

  @Test("Eviction does not reset the quota of a hot key's rate limiter")
  func hotQuota() async throws {
    let clock = ManualClock()
    let limiters = Keyed<String, RateLimiter>(limit: 10, timeline: Timeline(clock)) {
      RateLimiter($0, .fixedWindow(3, per: .seconds(60)), timeline: Timeline(clock))
    }
    for _ in 0..<3 {
      try await limiters.run(for: "hot") {}
      for other in 0..<100 { _ = limiters["\(other)"] }
    }
    await #expect(throws: RateLimited.self) { try await limiters.run(for: "hot") {} }
    #expect(limiters.statistics.evicted > 100)
    // With a quota that is whole again it may go.
    clock.advance(by: .seconds(60))
    for other in 0..<100 { _ = limiters["later \(other)"] }
    #expect(limiters.existing("hot") == nil)
  }

  @Test("A hundred thousand breakers are memory only: no timers, no tasks")
  func memoryOnly() {
    let before = residentBytes
    let alarms = SystemTime.shared.scheduled
    let breakers = Keyed<Int, CircuitBreaker>(limit: 100_000, idleAfter: .seconds(60)) { _ in
      CircuitBreaker("callee")
    }
    for key in 0..<100_000 { _ = breakers[key] }
    // Others' alarms may come and go meanwhile; ours would be a hundred thousand.
    #expect(SystemTime.shared.scheduled - alarms < 1_000)
    #expect(breakers.count == 100_000)
    // Alone only: what other tests allocate meanwhile would be counted as well.
    guard isSoaking, let before, let after = residentBytes else { return }
    let bytes = (after - before) / 100_000
    #expect(bytes < 1_600, "\(bytes) bytes per breaker")
  }
}
