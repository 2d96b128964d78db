import Resilience
import ResilienceTesting
import Testing

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
