import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Policies by key")
struct KeyedTests {
  private let clock = ManualClock()

  private func registry(
    limit: Int,
    idleAfter: Duration? = nil
  ) -> Keyed<String, RestingPolicy> {
    Keyed(limit: limit, idleAfter: idleAfter, timeline: Timeline(clock)) { _ in RestingPolicy() }
  }

  /// Starts a call for a key that lasts until it is told to end.
  private func hold(
    _ policies: Keyed<String, some Policy>,
    _ key: String
  ) async -> (call: HeldCall, task: Task<Int, any Error>) {
    let call = HeldCall()
    let task = Task { try await policies.run(for: key) { try await call.run() } }
    await call.hasBegun()
    return (call, task)
  }

  // MARK: Use

  @Test("A key gets a policy on first use and keeps it")
  func firstUse() async throws {
    let made = Recorder<String>()
    let breakers = Keyed<String, CircuitBreaker>(limit: 10) { host in
      made(host)
      return CircuitBreaker(host)
    }
    #expect(breakers.existing("a") == nil && breakers.count == 0)
    #expect(try await breakers.run(for: "a") { "page" } == "page")
    let breaker = breakers["a"]
    #expect(breaker.name == "a" && breakers["a"] === breaker && breakers.existing("a") === breaker)
    #expect(breakers["b"] !== breaker)
    #expect(made.all == ["a", "b"])
    #expect(breakers.snapshot().map(\.key) == ["b", "a"])
    #expect(breakers.addsUp)
  }

  @Test("Keys do not share what their policies count")
  func separation() async throws {
    let breakers = Keyed<String, CircuitBreaker> {
      CircuitBreaker($0, trip: .consecutiveFailures(1))
    }
    await #expect(throws: Boom.self) { try await breakers.run(for: "a") { throw Boom() } }
    await #expect(throws: CircuitOpen.self) { try await breakers.run(for: "a") {} }
    try await breakers.run(for: "b") {}
    #expect(breakers["a"].state == .open && breakers["b"].state == .closed)
  }

  @Test("A whole pipeline may stand for a key")
  func pipelines() async throws {
    let tenants = Keyed<Int, _>(limit: 2) { tenant in
      Pipeline("tenant \(tenant)") {
        CircuitBreaker("tenant \(tenant)", trip: .consecutiveFailures(1))
        Bulkhead(limit: 1)
      }
    }
    await #expect(throws: Boom.self) { try await tenants.run(for: 1) { throw Boom() } }
    for tenant in 2..<10 { try await tenants.run(for: tenant) {} }
    await #expect(throws: CircuitOpen.self) { try await tenants.run(for: 1) {} }
    #expect(tenants[9].name == "tenant 9" && tenants.addsUp)
  }

  @Test("The operation stays on its caller's actor") @MainActor
  func isolation() async throws {
    let policies = registry(limit: 1)
    var count = 0
    try await policies.run(for: "a") {
      MainActor.assertIsolated()
      count += 1
    }
    #expect(count == 1)
  }

  @Test("The closure may use the registry for another key")
  func parents() async throws {
    let parents = Recorder<CircuitBreaker>()
    let itself = Guarded<Keyed<String, CircuitBreaker>?>(nil)
    let breakers = Keyed<String, CircuitBreaker>(limit: 10) { path in
      guard let slash = path.lastIndex(of: "/") else { return CircuitBreaker(path) }
      guard let parent = itself.withLock({ $0 })?[String(path[..<slash])] else {
        return CircuitBreaker(path)
      }
      parents(parent)
      return CircuitBreaker(path, BreakerSettings(), parent: parent)
    }
    itself.withLock { $0 = breakers }
    try await breakers.run(for: "host/a/b") {}
    _ = breakers["host/c"]
    #expect(Set(breakers.keys) == ["host", "host/a", "host/a/b", "host/c"])
    #expect(parents.all.map(\.name) == ["host", "host/a", "host"])
    #expect(!breakers["host"].isAtRest, "its children would lose it")
    itself.withLock { $0 = nil }
  }

  @Test("The closure that asks for its own key is stopped, rather than waiting for itself for ever")
  func ownKey() async {
    await #expect(processExitsWith: .failure) {
      let itself = Guarded<Keyed<String, CircuitBreaker>?>(nil)
      let breakers = Keyed<String, CircuitBreaker> { host in
        itself.withLock({ $0 })?[host] ?? CircuitBreaker(host)
      }
      itself.withLock { $0 = breakers }
      _ = breakers["a"]
    }
  }

  // MARK: Eviction

  @Test("The least recently used entry makes room; looking at what exists is no use of it")
  func leastRecentlyUsed() async throws {
    let policies = registry(limit: 3)
    for key in ["a", "b", "c"] { _ = policies[key] }
    try await policies.run(for: "a") {}
    _ = policies.existing("b")
    _ = policies.snapshot()
    _ = policies["d"]
    #expect(policies.keys == ["d", "a", "c"])
    _ = policies["c"]
    _ = policies["e"]
    #expect(policies.keys == ["e", "c", "d"])
    #expect(policies.statistics.evicted == 2 && policies.addsUp)
  }

  @Test("With all entries open the bound holds, the overflow is counted and the new key works")
  func overflow() async throws {
    let breakers = Keyed<Int, CircuitBreaker>(limit: 20) {
      CircuitBreaker("\($0)", trip: .consecutiveFailures(1))
    }
    for key in 0..<20 { _ = try? await breakers.run(for: key) { throw Boom() } }
    for key in 20..<1_000 {
      #expect(try await breakers.run(for: key) { key } == key)
      #expect(breakers[key].state == .closed)
      _ = try? await breakers.run(for: key) { throw Boom() }
      #expect(breakers.existing(key) == nil)
    }
    #expect(Set(breakers.keys) == Set(0..<20))
    #expect(breakers.snapshot().allSatisfy { $0.policy.state == .open })
    #expect(breakers.statistics.overflowed == 3 * 980 && breakers.addsUp)
    await breakers[7].reset()
    // Three times eight are looked at: all of them.
    for key in 1_000..<1_003 { _ = breakers[key] }
    #expect(breakers.existing(1_002) != nil && breakers.existing(7) == nil && breakers.addsUp)
  }

  @Test("A new key looks at eight entries in its way on average, and at 1024 at once")
  func boundedWork() {
    let asked = Counter()
    let policies = Keyed<Int, RestingPolicy>(limit: 1_023) { RestingPolicy($0) }
    for key in 0..<1_023 {
      policies[key].whenAsked { asked.add() }
      policies[key].setAtRest(false)
    }
    for key in 1_023..<2_023 { _ = policies[key] }
    #expect(policies.statistics.overflowed == 1_000)
    #expect(asked.value == 8 * 1_000)
    policies[7].setAtRest(true)
    // After so many failed attempts the patience is used up, but it grows with each new key.
    var key = 3_000
    while policies.existing(7) != nil, key < 4_000 {
      _ = policies[key]
      key += 1
    }
    #expect(key <= 3_000 + 1_023 / 8 + 1)
  }

  @Test("Patience is saved for those who stand together: a run of busy entries stops nobody")
  func savedPatience() {
    let policies = Keyed<Int, RestingPolicy>(limit: 1_000) { RestingPolicy($0) }
    for key in 0..<1_000 { policies[key].setAtRest(key >= 500) }
    for key in 1_000..<20_000 { _ = policies[key] }
    // The first keys find the five hundred in their way, with nothing saved.
    #expect(policies.statistics.overflowed <= 500 / 8)
    #expect(Set(policies.keys).isSuperset(of: 0..<500))
    #expect(policies.addsUp)
  }

  @Test("A pinned entry is not evicted; once its call has ended it may be")
  func pinning() async throws {
    let policies = registry(limit: 2)
    let held = await hold(policies, "busy")
    for index in 0..<10 { _ = policies["other \(index)"] }
    #expect(Set(policies.keys) == ["busy", "other 9"])
    held.call.succeed()
    #expect(try await held.task.value == 1)
    for index in 10..<12 { _ = policies["other \(index)"] }
    #expect(Set(policies.keys) == ["other 10", "other 11"])
  }

  @Test("Every end of a call gives the entry back", arguments: ["value", "error", "cancelled"])
  func ends(how: String) async throws {
    let policies = registry(limit: 1)
    let held = await hold(policies, "a")
    #expect(policies["b"] !== policies["b"], "there is no room for it")
    switch how {
    case "value": held.call.succeed()
    case "error": held.call.fail()
    default: held.task.cancel()
    }
    _ = await held.task.result
    #expect(policies["b"] === policies["b"])
  }

  @Test("With all entries pinned by many calls each, none is evicted before its last has ended")
  func countedPins() async throws {
    let policies = registry(limit: 1)
    let first = await hold(policies, "a")
    let second = await hold(policies, "a")
    first.call.succeed()
    _ = try await first.task.value
    _ = policies["b"]
    #expect(policies.keys == ["a"])
    second.call.succeed()
    _ = try await second.task.value
    _ = policies["b"]
    #expect(policies.keys == ["b"])
  }

  @Test("An entry that is used while it is asked whether it is at rest stays")
  func usedMeanwhile() {
    let policies = registry(limit: 2)
    for key in ["a", "b"] { _ = policies[key] }
    policies["a"].whenAsked { _ = policies["a"] }
    _ = policies["b"]
    _ = policies["c"]
    #expect(policies.keys == ["c", "a"])
    policies["a"].whenAsked(nil)
  }

  @Test("An entry that is removed, and its key used anew, while it is asked stays")
  func replacedMeanwhile() {
    let policies = registry(limit: 1)
    let old = policies["a"]
    old.whenAsked {
      policies.remove("a")
      _ = policies["a"]
    }
    _ = policies["b"]
    #expect(policies.keys == ["a"] && policies["a"] !== old)
    #expect(policies.statistics.overflowed == 1 && policies.addsUp)
    old.whenAsked(nil)
  }

  @Test("A late call of an evicted or removed key settles on the policy it had, without harm")
  func lateCall() async throws {
    let breakers = Keyed<String, CircuitBreaker>(limit: 1) {
      CircuitBreaker($0, trip: .consecutiveFailures(1))
    }
    let held = await hold(breakers, "a")
    let old = try #require(breakers.remove("a"))
    #expect(breakers.count == 0 && breakers["a"] !== old)
    held.call.fail()
    await #expect(throws: Boom.self) { try await held.task.value }
    #expect(old.state == .open && breakers["a"].state == .closed)

    let unpinned = breakers["a"]
    let call = HeldCall()
    let task = Task { try await unpinned.run { try await call.run() } }
    await call.hasBegun()
    _ = breakers["b"]
    #expect(breakers.existing("a") == nil)
    call.fail()
    await #expect(throws: Boom.self) { try await task.value }
    #expect(unpinned.state == .open && breakers["a"].state == .closed && breakers.addsUp)
  }

  @Test("Removing what is not there does nothing")
  func removal() {
    let policies = registry(limit: 2)
    #expect(policies.remove("a") == nil)
    let policy = policies["a"]
    #expect(policies.remove("a") === policy && policies.remove("a") == nil)
    #expect(policies.statistics.removed == 1 && policies.addsUp)
  }

  // MARK: Idleness

  @Test("An entry is removed when it has been idle for exactly so long, and not before")
  func idle() {
    let policies = registry(limit: 10, idleAfter: .seconds(10))
    _ = policies["a"]
    clock.advance(by: .seconds(4))
    _ = policies["b"]
    clock.advance(by: .seconds(6) - .nanoseconds(1))
    #expect(policies.removeIdle() == 0)
    clock.advance(by: .nanoseconds(1))
    #expect(policies.removeIdle() == 1)
    #expect(policies.keys == ["b"])
    #expect(policies.statistics.expired == 1 && policies.addsUp)
  }

  @Test("A look-up removes two idle entries, whether it finds its key or not")
  func lazily() {
    let policies = registry(limit: 10, idleAfter: .seconds(10))
    for key in ["a", "b", "c", "d", "e"] { _ = policies[key] }
    clock.advance(by: .seconds(10))
    _ = policies.existing("a")
    #expect(policies.count == 5)
    _ = policies["a"]
    #expect(policies.keys == ["a", "e", "d"])
    _ = policies["f"]
    #expect(policies.keys == ["f", "a"])
  }

  @Test("Neither a pinned entry nor one not at rest is removed for idleness; both count as used")
  func idleButBusy() async throws {
    let policies = registry(limit: 10, idleAfter: .seconds(10))
    let held = await hold(policies, "pinned")
    policies["open"].setAtRest(false)
    _ = policies["c"]
    clock.advance(by: .seconds(100))
    #expect(policies.removeIdle() == 1)
    #expect(Set(policies.keys) == ["pinned", "open"])
    policies["open"].setAtRest(true)
    held.call.succeed()
    _ = try await held.task.value
    clock.advance(by: .seconds(9))
    #expect(policies.removeIdle() == 0)
    clock.advance(by: .seconds(1))
    #expect(policies.removeIdle() == 2)
    #expect(policies.addsUp)
  }

  @Test("Nothing is idle where no limit is set, nor where it is longer than time can be")
  func never() {
    for idleAfter in [nil, .seconds(Int64.max)] as [Duration?] {
      let policies = registry(limit: 10, idleAfter: idleAfter)
      _ = policies["a"]
      clock.advance(by: .seconds(Int64.max))
      #expect(policies.removeIdle() == 0)
      _ = policies["b"]
      #expect(policies.count == 2)
    }
  }

  @Test("Huge steps of time, and the shortest idleness, do no harm")
  func extremes() {
    let policies = registry(limit: 10, idleAfter: .nanoseconds(1))
    for step in [.seconds(1), .seconds(1 << 40), .seconds(Int64.max), .seconds(1)] as [Duration] {
      _ = policies["a"]
      _ = policies["b"]
      clock.advance(by: step)
      #expect(policies.count == 2)
      policies.removeIdle()
      #expect(policies.addsUp)
    }
  }

  @Test("The documented defaults are the code's")
  func defaults() throws {
    let policies = Keyed<String, RestingPolicy> { _ in RestingPolicy() }
    #expect(
      try documentedDefaults("KeyedArticle") == [
        "limit": "\(policies.limit)",
        "idleAfter": policies.idleAfter.map { "\($0)" } ?? "never",
      ]
    )
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = Keyed<Int, NoPolicy>(limit: 0) { _ in NoPolicy() }
    }
    await #expect(processExitsWith: .failure) {
      _ = Keyed<Int, NoPolicy>(limit: 1_000_000_001) { _ in NoPolicy() }
    }
    await #expect(processExitsWith: .failure) {
      _ = Keyed<Int, NoPolicy>(idleAfter: .zero) { _ in NoPolicy() }
    }
  }
}
