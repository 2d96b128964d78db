import Resilience
import ResilienceTesting
import Testing

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
