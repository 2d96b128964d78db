import Resilience
import ResilienceTesting
import Testing

@Suite("Modelled service")
struct ModelledServiceTests {
  /// How long `count` calls made at the same time take, in milliseconds, shortest first.
  private static func times(_ count: Int, of service: ModelledService, in world: World) async
    -> [Int]
  {
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<count {
        group.addTask {
          let begin = world.now
          try? await service.call()
          return Int((world.now - begin) / .milliseconds(1))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted()
    }
  }

  @Test("Calls beyond the capacity wait, first come, first served")
  func capacity() async throws {
    try await Simulation.explore(seeds: 0..<20) { world in
      let service = ModelledService(in: world, latency: .constant(.milliseconds(10)), capacity: 2)
      let times = await Self.times(6, of: service, in: world)
      try world.require(times == [10, 10, 20, 20, 30, 30], "\(times)")
      try world.require(service.busy == 0 && service.queued == 0 && service.served == 6, "idle")
    }
  }

  @Test("With another capacity for a while, work goes on, and places that come are filled")
  func changedCapacity() async throws {
    try await Simulation.explore(seeds: 0..<20) { world in
      let service = ModelledService(in: world, latency: .constant(.milliseconds(10)), capacity: 3)
      service.capacity(1, from: .milliseconds(5), to: .milliseconds(25))
      let times = await Self.times(7, of: service, in: world)
      // Three begin at once, one after the other at 10 and 20, and three again at 30.
      try world.require(times == [10, 10, 10, 20, 30, 40, 40], "\(times)")
      try world.require(service.busy == 0 && service.queued == 0 && service.served == 7, "idle")
    }
    await #expect(processExitsWith: .failure) {
      try await Simulation(seed: 1).run { world in
        ModelledService(in: world).capacity(0, from: .zero, to: .seconds(1))
      }
    }
  }

  @Test("With congestion an overload makes the work itself slower")
  func congestion() async throws {
    let times = try await Simulation(seed: 1).run { world in
      let service = ModelledService(
        in: world,
        latency: .constant(.milliseconds(10)),
        capacity: 1,
        congestion: 1
      )
      return await Self.times(3, of: service, in: world)
    }
    // The first one begins with nobody in the queue, the second with one, the third with none.
    #expect(times == [10, 30, 40])
  }

  @Test("Calls beyond the queue fail at once")
  func queueFull() async throws {
    try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world, capacity: 1, queue: 0)
      let first = world.spawn("first") { try await service.call() }
      await world.idle()
      await #expect(throws: ModelledFailure.overloaded) { try await service.call() }
      try await first.value
      #expect(service.calls.count == 2)
    }
  }

  @Test("An outage fails what arrives and what would end in it, and is over at its end")
  func outage() async throws {
    try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world, latency: .constant(.seconds(2)))
      service.outage(from: .seconds(1), to: .seconds(3))
      await #expect(throws: ModelledFailure.outage) { try await service.call() }
      #expect(world.now == .seconds(2))
      await #expect(throws: ModelledFailure.outage) { try await service.call() }
      #expect(world.now == .seconds(2))
      try await world.sleep(until: .seconds(3))
      await #expect(throws: Never.self) { try await service.call() }
    }
  }

  @Test("A silent service never answers, and is left when the caller is cancelled")
  func silent() async throws {
    try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world)
      service.suffer(.silent, from: .zero, to: .seconds(60))
      let timeout = Timeout(.seconds(5), timeline: world.timeline)
      await #expect(throws: TimedOut.self) { try await timeout.run { try await service.call() } }
      #expect(world.now == .seconds(5))
    }
  }

  @Test("A brown-out makes the work slower, and fail at its rate")
  func brownOut() async throws {
    try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world, latency: .constant(.milliseconds(10)))
      service.brownOut(from: .zero, to: .seconds(1), slowdown: 3, errorRate: 1)
      await #expect(throws: ModelledFailure.error) { try await service.call() }
      #expect(world.now == .milliseconds(30))
    }
  }

  @Test("After a restart the cache is cold, and warms with each call")
  func coldCache() async throws {
    let times = try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world, latency: .constant(.milliseconds(10)))
      service.restart(at: .zero, downFor: .seconds(1), coldSlowdown: 5, warmAfter: 4)
      await #expect(throws: ModelledFailure.outage) { try await service.call() }
      try await world.sleep(until: .seconds(1))
      var times: [Int] = []
      for _ in 1...6 { times += await Self.times(1, of: service, in: world) }
      return times
    }
    #expect(times == [50, 40, 30, 20, 10, 10])
  }

  @Test(
    "Work whose caller has gone goes on, stops, or is waited for",
    arguments: AbandonedWork.allCases
  )
  func abandoned(work: AbandonedWork) async throws {
    try await Simulation(seed: 1).run { world in
      let service = ModelledService(
        in: world,
        latency: .constant(.seconds(10)),
        capacity: 1,
        abandonedWork: work
      )
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      await #expect(throws: TimedOut.self) { try await timeout.run { try await service.call() } }
      #expect(world.now == (work == .isWaitedFor ? .seconds(10) : .seconds(1)))
      try await service.call()
      let end: [AbandonedWork: Duration] = [
        .goesOn: .seconds(20), .stops: .seconds(11), .isWaitedFor: .seconds(20),
      ]
      #expect(world.now == end[work])
      #expect(service.servedInVain == (work == .goesOn ? 1 : 0))
    }
  }

  @Test("The busiest span is found wherever it begins")
  func callLog() throws {
    var log = CallLog()
    for milliseconds in [0, 900, 1_000, 1_100, 1_899, 1_900, 5_000] {
      log.add(Moment(.milliseconds(milliseconds)))
    }
    #expect(log.most(within: .seconds(1), from: .zero, to: .seconds(10)) == 4)
    #expect(log.most(within: .seconds(1), from: .seconds(2), to: .seconds(10)) == 1)
    #expect(log.most(within: .seconds(1), from: .seconds(6), to: .seconds(10)) == 0)
    #expect(log.count(from: .milliseconds(900), to: .milliseconds(1_900)) == 4)
    try log.requireAtMost(4, within: .seconds(1), from: .zero, to: .seconds(10))
    #expect(throws: RequirementFailed.self) {
      try log.requireAtMost(3, within: .seconds(1), from: .zero, to: .seconds(10))
    }
    #expect(throws: RequirementFailed.self) {
      try log.requireAtLeast(8, from: .zero, to: .seconds(10))
    }
  }
}
