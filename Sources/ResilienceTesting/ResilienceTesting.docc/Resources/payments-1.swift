import Resilience
import ResilienceTesting
import Testing

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
