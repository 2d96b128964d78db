import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Bulkhead: races in a simulated world")
struct BulkheadRaceTests {
  @Test(
    "Whatever the order of grant, cancellation, time-out and resizing, no place is lost or made"
  )
  func places() async throws {
    let seeds: Range<UInt64> = isSoaking ? 0..<5_000 : 0..<200
    try await Simulation.explore(seeds: seeds) { world in
      var settings = BulkheadSettings()
      settings.limit = 3
      settings.queue = QueueSettings(limit: 4, maxWait: .milliseconds(20))
      settings.shares = CriticalityShares(sheddable: 0.4)
      if world.random.unit() < 0.5 {
        settings.queue.order = .adaptiveLIFO(after: .milliseconds(10))
      }
      if world.random.unit() < 0.5 {
        settings.queue.dropping = CoDelSettings(
          target: .milliseconds(2),
          interval: .milliseconds(5)
        )
      }
      let bulkhead = Bulkhead(settings, timeline: world.timeline)
      let inside = Counter()
      try await withThrowingDiscardingTaskGroup { group in
        for client in 0..<8 {
          group.addTask {
            for _ in 0..<5 {
              try await self.call(bulkhead, client, inside, in: world)
              try await world.sleep(for: .milliseconds(10) * world.random.unit())
            }
          }
        }
        group.addTask {
          for limit in [1, 4, 2, 3] {
            try await world.sleep(for: .milliseconds(10))
            try bulkhead.resize(to: limit)
          }
        }
      }
      try world.require(inside.highest <= 4, "\(inside.highest) places taken at once")
      try world.require(bulkhead.isAtRest, "\(bulkhead.running) places are still taken")
      try world.require(bulkhead.queued == 0, "\(bulkhead.queued) still wait")
      // All places can be had.
      let permit = try await bulkhead.acquire(weight: 3)
      permit.release()
    }
  }

  private func call(
    _ bulkhead: Bulkhead,
    _ client: Int,
    _ inside: Counter,
    in world: World
  ) async throws {
    let weight = client % 3 == 0 ? 2 : 1
    let criticality = Criticality.allCases[client % 4]
    let call = world.spawn("call of client \(client)") {
      try await withCriticality(criticality) {
        try await withFairnessKey("\(client % 2)") {
          try await bulkhead.run(weight: weight) {
            inside.add(weight)
            defer { inside.add(-weight) }
            try await world.sleep(for: .milliseconds(15) * world.random.unit())
          }
        }
      }
    }
    if world.random.unit() < 0.4 {
      try await world.sleep(for: .milliseconds(15) * world.random.unit())
      call.cancel()
    }
    _ = await call.result
  }

  @Test("A grant and a cancellation that race end in one of two ways, in either order")
  func grantAndCancellation() async throws {
    struct Stake: Sendable {
      let bulkhead: Bulkhead
      let held: HeldCall
      let waiting: Task<Void, any Error>
    }
    try await Simulation(seed: 1).race { world in
      let bulkhead = Bulkhead(limit: 1, queue: 2, timeline: world.timeline)
      let held = HeldCall()
      _ = world.spawn("holder") { try await bulkhead.run { try await held.run() } }
      await world.idle()
      let waiting = world.spawn("waiter") { try await bulkhead.run {} }
      await world.idle()
      return Stake(bulkhead: bulkhead, held: held, waiting: waiting)
    } _: { stake in
      stake.held.succeed()
    } against: { stake in
      stake.waiting.cancel()
    } check: { stake, results in
      let result = await stake.waiting.result
      if results.order == .secondAhead {
        #expect(throws: CancellationError.self) { try result.get() }
      }
      #expect(stake.bulkhead.isAtRest && stake.bulkhead.queued == 0)
    }
  }
}
