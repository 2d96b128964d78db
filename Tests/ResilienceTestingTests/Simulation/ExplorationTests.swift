import Resilience
import ResilienceTesting
import Testing

@Suite("Exploration of a simulated world")
struct ExplorationTests {
  @Test("A planted race, check-then-act across a suspension, is found within 1 000 seeds")
  func findsRace() async throws {
    let failure = await #expect(throws: ExplorationFailure.self) {
      try await Simulation.explore(seeds: 0..<1_000) { world in
        try await probeAtMostOnce(WrongBreaker(), in: world)
      }
    }
    let found = try #require(failure)
    #expect(found.error is CheckFailed)
    #expect((1...5).contains(found.choices))
    #expect(found.trace.contains("“caller 1”"))
    print(found)
    // What was found can be repeated.
    let again = Simulation(seed: found.seed, schedule: found.schedule)
    await #expect(throws: CheckFailed.self) {
      try await again.run { try await probeAtMostOnce(WrongBreaker(), in: $0) }
    }
  }

  @Test("A breaker that checks and acts at once is not accused")
  func acquits() async throws {
    try await Simulation.explore(seeds: 0..<1_000) { world in
      try await probeAtMostOnce(RightBreaker(), in: world)
    }
  }

  @Test("The package's own breaker is not accused")
  func acquitsOurs() async throws {
    try await Simulation.explore(seeds: 0..<1_000) { world in
      var settings = BreakerSettings()
      settings.startsOpen = true
      settings.open = .constant(.seconds(1))
      let breaker = CircuitBreaker(
        "ours",
        settings,
        timeline: world.timeline,
        random: world.random
      )
      try await world.sleep(for: .seconds(1))
      try await probeAtMostOnce(breaker, in: world)
    }
  }

  @Test("Every order is run, and none twice", arguments: [(3, 0, 6), (2, 1, 6), (2, 2, 20)])
  func everyOrder(tasks: Int, suspensions: Int, expected: Int) async throws {
    let traces = Guarded<[String]>([])
    let count = try await Simulation.everyOrder { world in
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<tasks {
          group.addTask {
            for step in 0...suspensions {
              if step > 0 { await Task.yield() }
              world.note("\(task).\(step)")
            }
          }
        }
      }
      traces.withLock { $0.append(world.trace) }
    }
    let seen = traces.withLock { $0 }
    #expect(count == seen.count)
    #expect(Set(seen).count == expected)
  }

  @Test("Every order finds the planted race, too")
  func everyOrderFindsRace() async throws {
    await #expect(throws: ExplorationFailure.self) {
      try await Simulation.everyOrder { try await probeAtMostOnce(WrongBreaker(), in: $0) }
    }
  }

  @Test("A world that draws from outside is told apart from a failing one")
  func notRepeatable() async throws {
    let runs = Guarded(0)
    let failure = await #expect(throws: ExplorationFailure.self) {
      try await Simulation.explore(seeds: 0..<2) { world in
        let run = runs.withLock { runs in
          runs += 1
          return runs
        }
        try world.require(run > 1, "the first run of the process")
      }
    }
    #expect(failure?.error is DidNotFailAgain)
  }

  @Test("A race is run with each side ahead, whatever the seed", arguments: 0..<10)
  func race(seed: UInt64) async throws {
    let orders = Guarded<[RaceOrder: String]>([:])
    try await Simulation(seed: seed).race { world in
      world
    } _: { world in
      world.note("first")
      await Task.yield()
      world.note("first again")
      try await world.sleep(for: .seconds(1))
    } against: { world in
      world.note("second")
      return 2
    } check: { world, results in
      let second = try results.second.get()
      #expect(second == 2)
      orders.withLock { $0[results.order] = world.trace }
    }
    let first = "0.000000000  first\n0.000000000  first again\n"
    let second = "0.000000000  second\n"
    #expect(
      orders.withLock { $0 } == [.firstAhead: first + second, .secondAhead: second + first]
    )
  }
}

/// Two callers meet a circuit that is half-open: one of them may probe.
private func probeAtMostOnce(_ breaker: some Policy, in world: World) async throws {
  let running = Guarded(0)
  let callers = (1...2).map { number in
    world.spawn("caller \(number)") {
      // The second comes later, so that first come, first served, does not show the race.
      for _ in 1..<number * 3 { await Task.yield() }
      try? await breaker.run {
        let now = running.withLock { running in
          running += 1
          return running
        }
        try world.require(now == 1, "\(now) probes at once")
        try await world.sleep(for: .seconds(1))
        running.withLock { $0 -= 1 }
      }
    }
  }
  for caller in callers { try await caller.value }
  try world.require(!world.trace.contains("check failed"), "more than one probe")
}

private struct Refused: Error {}

/// Half-open for ever, and wrong: between the look at its state and the change of it others run.
private final class WrongBreaker: Policy {
  private let isProbing = Guarded(false)

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    guard !isProbing.withLock({ $0 }) else { throw Refused() }
    // As a look at a store elsewhere would.
    await Task.yield()
    isProbing.withLock { $0 = true }
    defer { isProbing.withLock { $0 = false } }
    return try await operation()
  }
}

/// Half-open for ever, and right.
private final class RightBreaker: Policy {
  private let isProbing = Guarded(false)

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    let isFirst = isProbing.withLock { isProbing in
      defer { isProbing = true }
      return !isProbing
    }
    guard isFirst else { throw Refused() }
    defer { isProbing.withLock { $0 = false } }
    await Task.yield()
    return try await operation()
  }
}
