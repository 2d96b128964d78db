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
