import Resilience
import ResilienceTesting
import Testing

/// What the pages say that goes wrong does go wrong, and what they say instead does not.
@Suite("What anti-patterns lead to")
struct AntiPatternBehaviourTests {
  private struct Down: Error {}

  /// Never answers, but heeds its cancellation.
  private static func hang(in world: World) async throws {
    try await world.sleep(for: .seconds(1_000_000))
  }

  private static func breaker(in world: World, after failures: Int = 5) -> CircuitBreaker {
    CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(failures),
      openFor: .seconds(30),
      timeline: world.timeline
    )
  }

  @Test("A breaker within a timeout never opens for a callee that hangs, one around it does")
  func hangs() async throws {
    try await Simulation(seed: 1).run { world in
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      let (inside, around) = (Self.breaker(in: world), Self.breaker(in: world))
      for _ in 1...20 {
        try? await timeout.run { try await inside.run { try await Self.hang(in: world) } }
        try? await around.run { try await timeout.run { try await Self.hang(in: world) } }
      }
      try world.require(inside.state == .closed, "\(inside.state)")
      try world.require(around.state != .closed, "\(around.state)")
    }
  }

  @Test("A caller that asks for the state first never closes a circuit again")
  func asking() async throws {
    try await Simulation(seed: 1).run { world in
      let breaker = Self.breaker(in: world, after: 1)
      try? await breaker.run { throw Down() }
      for _ in 1...10 {
        try await world.sleep(for: .seconds(60))
        if breaker.state == .closed { try await breaker.run {} }
      }
      try world.require(breaker.state == .halfOpen, "\(breaker.state)")
      let isProbed = try await breaker.runIfAdmitted { true }
      try world.require(isProbed == true && breaker.state == .closed, "\(breaker.state)")
    }
  }

  @Test("A fallback within a breaker keeps it closed, one around it does not")
  func fallback() async throws {
    try await Simulation(seed: 1).run { world in
      let fallback = Fallback(0)
      let (around, inside) = (Self.breaker(in: world), Self.breaker(in: world))
      for _ in 1...10 {
        _ = try await around.run { try await fallback.run { throw Down() } }
        _ = try await fallback.run { try await inside.run { throw Down() } }
      }
      try world.require(around.state == .closed, "\(around.state)")
      try world.require(inside.state == .open, "\(inside.state)")
    }
  }

  @Test("A failure that is shared within a breaker counts for each caller, around it once")
  func coalescer() async throws {
    try await Simulation(seed: 1).run { world in
      let flights = Coalescer<Int, Int>()
      let (around, inside) = (Self.breaker(in: world), Self.breaker(in: world))
      @Sendable func fail() async throws -> Int {
        try await world.sleep(for: .seconds(1))
        throw Down()
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 1...5 {
          group.addTask {
            _ = try? await around.run { try await flights.run(for: 1) { try await fail() } }
          }
          group.addTask {
            _ = try? await flights.run(for: 2) { try await inside.run { try await fail() } }
          }
        }
      }
      try world.require(around.state == .open, "\(around.state)")
      try world.require(inside.snapshot.consecutiveFailures == 1, "\(inside.snapshot)")
    }
  }

  @Test("A timeout around the choice never ejects an endpoint that hangs, one inside does")
  func endpoints() async throws {
    try await Simulation(seed: 1).run { world in
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      func make() -> Endpoints<String> {
        Endpoints("x", ["well", "ill"], timeline: world.timeline, random: world.random)
      }
      @Sendable func ask(_ endpoint: String) async throws {
        if endpoint == "ill" { try await Self.hang(in: world) }
      }
      let (outside, inside) = (make(), make())
      for _ in 1...40 {
        try? await outside.run(through: timeout) { try await ask($0) }
        try? await inside.run { endpoint in try await timeout.run { try await ask(endpoint) } }
      }
      func isInService(_ endpoints: Endpoints<String>) -> Bool {
        endpoints.snapshot.allSatisfy { $0.consecutiveFailures == 0 && $0.ejections == 0 }
      }
      try world.require(isInService(outside), "\(outside.snapshot)")
      try world.require(!isInService(inside), "\(inside.snapshot)")
    }
  }

  @Test("A retry within the choice asks the same endpoint again, one around it another")
  func choosingOnce() async throws {
    let endpoints = Endpoints("x", ["a", "b"])
    let retry = Retry(attempts: 2, backoff: .none)
    var asked: [String] = []
    try? await endpoints.run { endpoint in
      try await retry.run {
        asked.append(endpoint)
        throw Down()
      }
    }
    #expect(asked.count == 2 && Set(asked).count == 1)
    asked = []
    try? await endpoints.run(through: retry) { endpoint in
      asked.append(endpoint)
      throw Down()
    }
    #expect(asked.count == 2 && Set(asked).count == 2)
  }

  @Test("Calls within calls of one bulkhead wait for each other")
  func nestedPlaces() async throws {
    try await Simulation(seed: 1).run { world in
      let bulkhead = Bulkhead(
        limit: 2,
        queue: 10,
        maxWait: .seconds(60),
        timeline: world.timeline
      )
      let refusals = await withTaskGroup(of: Bool.self) { group in
        for _ in 1...2 {
          group.addTask {
            do {
              try await bulkhead.run {
                try await world.sleep(for: .seconds(1))
                try await bulkhead.run {}
              }
              return false
            } catch {
              return error is BulkheadFull
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      try world.require(refusals >= 1 && world.now >= .seconds(60), "\(refusals), \(world.now)")
    }
  }

  @Test("A queue within the timeout of an attempt opens the circuit for a callee that is well")
  func queueWithinTimeout() async throws {
    @Sendable func state(isQueueInside: Bool, in world: World) async throws -> BreakerState {
      let breaker = Self.breaker(in: world)
      let timeout = Timeout(.milliseconds(500), timeline: world.timeline)
      let bulkhead = Bulkhead(limit: 1, queue: 100, maxWait: .seconds(60), timeline: world.timeline)
      await withTaskGroup(of: Void.self) { group in
        for _ in 1...20 {
          group.addTask {
            try? await breaker.run {
              let call = { try await world.sleep(for: .milliseconds(400)) }
              if isQueueInside {
                try await timeout.run { try await bulkhead.run { try await call() } }
              } else {
                try await bulkhead.run { try await timeout.run { try await call() } }
              }
            }
          }
        }
      }
      return breaker.state
    }
    try await Simulation(seed: 1).run { world in
      let inside = try await state(isQueueInside: true, in: world)
      try world.require(inside != .closed, "\(inside)")
      let around = try await state(isQueueInside: false, in: world)
      try world.require(around == .closed, "\(around)")
    }
  }

  @Test("A throttle within a timeout sees no slowness, one around it does")
  func throttle() async throws {
    try await Simulation(seed: 1).run { world in
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      func make() -> AdaptiveThrottle {
        AdaptiveThrottle("x", ThrottleSettings(), timeline: world.timeline, random: world.random)
      }
      let (inside, around) = (make(), make())
      for _ in 1...40 {
        try? await timeout.run { try await inside.run { try await Self.hang(in: world) } }
        try? await around.run { try await timeout.run { try await Self.hang(in: world) } }
      }
      try world.require(inside.rejectionProbability == 0, "\(inside.rejectionProbability)")
      try world.require(around.rejectionProbability > 0.9, "\(around.rejectionProbability)")
    }
  }

  @Test("A breaker around a retry counts three failed attempts once")
  func breakerAroundRetry() async throws {
    try await Simulation(seed: 1).run { world in
      let retry = Retry(attempts: 3, backoff: .none, timeline: world.timeline)
      let (around, inside) = (Self.breaker(in: world), Self.breaker(in: world))
      try? await around.run { try await retry.run { throw Down() } }
      try? await retry.run { try await inside.run { throw Down() } }
      try world.require(around.snapshot.consecutiveFailures == 1, "\(around.snapshot)")
      try world.require(inside.snapshot.consecutiveFailures == 3, "\(inside.snapshot)")
    }
  }

  @Test("When the whole is as short as an attempt there is one attempt, and nothing counts")
  func shortWhole() async throws {
    try await Simulation(seed: 1).run { world in
      let breaker = Self.breaker(in: world)
      let calls = EventRecorder()
      let wrong = Pipeline("users") {
        Timeout(.seconds(1), timeline: world.timeline)
        Retry(attempts: 3, timeline: world.timeline, random: world.random, observer: calls)
        breaker
        Timeout(.seconds(2), timeline: world.timeline)
      }
      try? await wrong.run { try await Self.hang(in: world) }
      try world.require(calls.events.isEmpty, "\(calls.trace)")
      try world.require(breaker.snapshot.consecutiveFailures == 0, "\(breaker.snapshot)")
    }
  }

  @Test("A deadline cancels nothing by itself, and a detached task has none")
  func deadline() async throws {
    try await Simulation(seed: 1).run { world in
      try await withCallDeadline(in: .seconds(1)) { try await world.sleep(for: .seconds(5)) }
      try world.require(world.now == .seconds(5), "\(world.now)")
      let timeout = Timeout(.seconds(60), timeline: world.timeline)
      try? await withCallDeadline(in: .seconds(1)) {
        try await timeout.run { try await world.sleep(for: .seconds(5)) }
      }
      try world.require(world.now == .seconds(6), "\(world.now)")
    }
    let hasNone = await withCallDeadline(in: .seconds(1)) {
      await Task.detached { Deadline.current == nil }.value
    }
    #expect(hasNone)
  }

  @Test("A timeout waits for what does not listen, an abandoning one does not")
  func deaf() async throws {
    try await Simulation(seed: 1).run { world in
      // In a task of its own, which nobody cancels.
      @Sendable func deaf() async throws {
        try await world.spawn("deaf") { try await world.sleep(for: .seconds(10)) }.value
      }
      let abandoning = AbandoningTimeout(.seconds(1), timeline: world.timeline)
      try? await abandoning.run { try await deaf() }
      try world.require(world.now == .seconds(1), "\(world.now)")
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      try? await timeout.run { try await deaf() }
      try world.require(world.now == .seconds(11), "\(world.now)")
    }
  }
}
