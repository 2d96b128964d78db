import Resilience
import ResilienceTesting
import Testing

// The code of the tutorial, step by step: it is compiled, and run as tests. `TutorialTests` checks
// that each file of the tutorial stands here to the letter.

enum FirstStep {
  struct Down: Error {}

  @Suite("Payments")
  struct PaymentsTests {
    @Test("Half an hour is over in no time")
    func halfAnHour() async throws {
      try await Simulation(seed: 42).run { world in
        let breaker = CircuitBreaker(
          "payments",
          trip: .consecutiveFailures(1),
          openFor: .seconds(1_800),
          timeline: world.timeline
        )
        try? await breaker.run { throw Down() }
        try world.require(breaker.state == .open, "one failure opens it")

        try await world.sleep(for: .seconds(1_800))
        try world.require(breaker.state == .halfOpen, "it probes after half an hour")
      }
    }
  }
}

enum SecondStep {
  @Suite("Payments")
  struct PaymentsTests {
    /// The pipeline, made as in production but for its time and its chance.
    private func payments(in world: World) -> Pipeline<AnyPolicy> {
      .standard("payments", timeline: world.timeline, random: world.random)
    }

    @Test("A minute's outage")
    func outage() async throws {
      try await Simulation(seed: 42).run { world in
        let gateway = ModelledService(
          in: world,
          latency: .logNormal(median: .milliseconds(20), sigma: 0.5),
          capacity: 50
        )
        gateway.outage(from: .seconds(60), to: .seconds(120))

        let payments = payments(in: world)
        let report = await world.openLoop(
          .constant(50, for: .seconds(300)),
          every: .seconds(30),
          callee: gateway
        ) {
          try await payments.run { try await gateway.call() }
        }
        print(report)
      }
    }
  }
}

enum ThirdStep {
  @Suite("Payments")
  struct PaymentsTests {
    /// The pipeline, made as in production but for its time and its chance.
    private func payments(in world: World) -> Pipeline<AnyPolicy> {
      .standard("payments", timeline: world.timeline, random: world.random)
    }

    @Test("A minute's outage")
    func outage() async throws {
      try await Simulation(seed: 42).run { world in
        let gateway = ModelledService(
          in: world,
          latency: .logNormal(median: .milliseconds(20), sigma: 0.5),
          capacity: 50
        )
        gateway.outage(from: .seconds(60), to: .seconds(120))

        let payments = payments(in: world)
        let report = await world.openLoop(rate: 50, for: .seconds(300), callee: gateway) {
          try await payments.run { try await gateway.call() }
        }

        // Five seconds into the outage hardly anyone gets through to what is down.
        try gateway.calls.requireAtMost(
          3,
          within: .seconds(1),
          from: .seconds(65),
          to: .seconds(120)
        )
        // Half a minute after it all is well.
        try report.requireSuccess(atLeast: 1, from: .seconds(151), to: .seconds(300))
      }
    }
  }
}

enum FourthStep {
  @Suite("Payments")
  struct PaymentsTests {
    /// The pipeline, made as in production but for its time and its chance.
    private func payments(in world: World) -> Pipeline<AnyPolicy> {
      .standard("payments", timeline: world.timeline, random: world.random)
    }

    @Test("A minute's outage, in a hundred orders of events")
    func outage() async throws {
      try await Simulation.explore(seeds: 0..<100) { world in
        let gateway = ModelledService(in: world, capacity: 50)
        gateway.outage(from: .seconds(1), to: .seconds(4))

        let payments = payments(in: world)
        let report = await world.openLoop(rate: 20, for: .seconds(50), callee: gateway) {
          try await payments.run { try await gateway.call() }
        }

        try gateway.calls.requireAtMost(
          3,
          within: .seconds(1),
          from: .seconds(3),
          to: .seconds(4)
        )
        try report.requireSuccess(atLeast: 1, from: .seconds(36), to: .seconds(50))
      }
    }
  }
}

// The code of the article on simulations. The part about chaos is never run.

private struct TimedOutFault: Error {}

private func articleWorld() async throws {
  try await Simulation(seed: 42).run { world in
    let breaker = CircuitBreaker("payments", timeline: world.timeline)
    let pipeline = Pipeline("payments") {
      Retry(attempts: 3, timeline: world.timeline, random: world.random)
      breaker
      Timeout(.milliseconds(500), timeline: world.timeline)
    }
    try await pipeline.run { try await world.sleep(for: .milliseconds(100)) }
  }
}

private func articleChaos() {
  let chaos = ChaosSwitch()
  let some = ChaosPlan(chaos, rate: 0.05) { $0.metadata["tenant"] == "test" }
  let pipeline = Pipeline("payments") {
    Retry()
    CircuitBreaker("payments")
    ChaosFault(some) { _ in TimedOutFault() }
    ChaosLatency(some, .logNormal(median: .seconds(1), sigma: 0.5))
  }
  chaos.turnOn()
  _ = pipeline
}

private func article(server: FaultServer) {
  let clock = ManualClock()
  let breaker = CircuitBreaker("callee", openFor: .seconds(30), timeline: Timeline(clock))
  // … trip it …
  clock.advance(by: .seconds(30))
  #expect(breaker.state == .halfOpen)
}

private func articleServer() throws {
  let server = try FaultServer {
    Route(.get, "/users/{id}") { request in .text("user \(request.parameters["id"] ?? "?")") }
  }
  let outage = server.inject(.status(503))
  // … the client meets the outage …
  outage.heal()
  server.stop()
}
