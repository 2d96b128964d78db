import Resilience
import ResilienceTesting
import Testing

@Suite("Simulated load")
struct LoadTests {
  @Test("Even arrivals come evenly, and the steps of a load one after the other")
  func even() async throws {
    let report = try await Simulation(seed: 1).run { world in
      await world.openLoop(
        .spike(from: 10, to: 50, between: .seconds(2), and: .seconds(4), for: .seconds(6)),
        arrivals: .even
      ) {}
    }
    // The first call of a step comes a gap after its beginning, and the last before its end.
    #expect(report.intervals.map(\.offered) == [9, 10, 49, 50, 9, 10])
  }

  @Test("Poisson arrivals have their rate, and another seed other arrivals")
  func poisson() async throws {
    var counts: [Int] = []
    for seed in 0..<5 {
      let report = try await Simulation(seed: UInt64(seed)).run { world in
        await world.openLoop(rate: 100, for: .seconds(60)) {}
      }
      #expect((5_700...6_300).contains(report.total.offered))
      counts.append(report.total.offered)
    }
    #expect(Set(counts).count > 1)
  }

  @Test("Closed-loop clients wait for their answers, so that a slow callee slows them down")
  func closedLoop() async throws {
    let report = try await Simulation(seed: 1).run { world in
      let service = ModelledService(in: world, latency: .constant(.milliseconds(400)))
      return await world.closedLoop(
        clients: 5,
        think: .constant(.milliseconds(100)),
        for: .seconds(10),
        callee: service
      ) { try await service.call() }
    }
    #expect(report.total.offered == 100)
    #expect(report.total.attempted == 100)
    #expect(report.total.succeeded == 100)
    #expect(report.total.latency(0.99) == .milliseconds(400))
  }

  @Test("A report tells what was refused, failed and repeated, and the breaker's states")
  func report() async throws {
    let report = try await Simulation(seed: 7).run { world in
      let service = ModelledService(in: world)
      service.outage(from: .seconds(2), to: .seconds(5))
      let breaker = CircuitBreaker(
        "callee",
        trip: .consecutiveFailures(5),
        openFor: .seconds(1),
        timeline: world.timeline
      )
      let pipeline = Pipeline("calls") {
        Retry(attempts: 2, backoff: .none, timeline: world.timeline, random: world.random)
        breaker
      }
      let report = await world.openLoop(
        rate: 50,
        for: .seconds(10),
        callee: service,
        breakers: [breaker]
      ) { try await pipeline.run { try await service.call() } }
      try service.calls.requireAtMost(
        2,
        within: .milliseconds(900),
        from: .milliseconds(2_500),
        to: .seconds(5)
      )
      try report.requireAmplification(atMost: 1.2, from: .zero, to: .seconds(10))
      try report.requireSuccess(atLeast: 0.99, from: .seconds(7), to: .seconds(10))
      #expect(throws: RequirementFailed.self) {
        try report.requireSuccess(atLeast: 0.99, from: .seconds(2), to: .seconds(5))
      }
      return report
    }
    let total = report.total
    #expect(total.succeeded + total.refused + total.failed == total.offered)
    #expect(
      report.intervals.map { $0.breakers.first }.prefix(4) == [.closed, .closed, .open, .open]
    )
    #expect(report.intervals.last?.breakers == [.closed])
    #expect(report.total(from: .seconds(3), to: .seconds(5)).succeeded == 0)
    #expect(report.description.contains("refused"))
  }

  @Test("A simulated hour at 100 calls per second through five policies takes seconds")
  func hour() async throws {
    #if DEBUG
      let duration = Duration.seconds(120)
    #else
      let duration = Duration.seconds(3_600)
    #endif
    let begin = ContinuousClock.now
    let record = await Simulation(seed: 42).record { world in
      let service = ModelledService(
        in: world,
        latency: .logNormal(median: .milliseconds(20), sigma: 0.5),
        capacity: 50
      )
      service.outage(from: .seconds(60), to: .seconds(90))
      let pipeline = Pipeline("five") {
        Timeout(.seconds(5), timeline: world.timeline)
        Retry(attempts: 3, timeline: world.timeline, random: world.random)
        CircuitBreaker("callee", timeline: world.timeline)
        Bulkhead(limit: 64, queue: 128, timeline: world.timeline)
        Timeout(.milliseconds(500), timeline: world.timeline)
      }
      return await world.openLoop(rate: 100, for: duration, callee: service) {
        try await pipeline.run { try await service.call() }
      }
    }
    let took = ContinuousClock.now - begin
    let report = try record.result.get()
    #expect(report.total(from: .zero, to: .seconds(60)).failed == 0)
    #expect(report.total(from: .seconds(90), to: .seconds(120)).refused > 0)
    let rate = Double(report.total.offered) / (took / .seconds(1))
    print(
      "\(duration) at 100 calls per second: \(report.total.offered) calls, \(record.steps) steps "
        + "in \(took), \(Int(rate)) simulated calls per second"
    )
    if isMeasuring { #expect(took < .seconds(5) * slowestMachine) }
  }
}
