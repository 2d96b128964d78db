import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

@testable import ResilienceDemo

@Suite("Breaking by hand")
struct BreakByHandTests {
  private let options = Options()

  private func status(of service: LoopbackService) async throws -> String {
    let port = UInt16(try #require(service.urls.first?.port))
    let client = try WireClient(port)
    await client.send("GET /users/1 HTTP/1.1", "Host: x", "Connection: close")
    return await client.read().split(separator: " ").dropFirst().first.map(String.init) ?? "none"
  }

  private func expect(
    _ status: String,
    of service: LoopbackService,
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let answered = try await self.status(of: service)
    #expect(answered == status, sourceLocation: location)
  }

  @Test("What is broken by hand stays broken from phase to phase, and comes before their faults")
  func loopback() async throws {
    let service = try LoopbackService(options)
    let phases = Scenario.outage.phases
    service.enter(phases[0], for: .seconds(1))
    try await expect("200", of: service)
    service.breakByHand([.status(500)])
    try await expect("500", of: service)
    service.enter(phases[1], for: .seconds(1))
    try await expect("500", of: service)
    service.breakByHand([])
    try await expect("503", of: service)
    service.enter(phases[2], for: .seconds(1))
    try await expect("200", of: service)
    service.breakByHand([.reset])
    try await expect("none", of: service)
    await service.close()
  }

  @Test("A simulated service is broken by hand in the same way")
  func simulated() async throws {
    let options = options
    let statuses = try await Simulation(seed: 1).run { world in
      let service = SimulatedService(options, timeline: world.timeline)
      var statuses: [Int] = []
      for faults in [[], [Fault.status(500)], []] {
        service.breakByHand(faults)
        service.enter(Scenario.outage.phases[0], for: .seconds(1))
        do {
          _ = try await service.answer(.read(id: 1), replica: 0)
          statuses.append(200)
        } catch let error as HTTPStatusError {
          statuses.append(error.status)
        }
      }
      return statuses
    }
    #expect(statuses == [200, 500, 200])
  }

  @Test("Retries are the attempts that are not the first of their call")
  func retries() async throws {
    let meter = AttemptMeter()
    for attempts in [1, 3, 2] {
      try await CallAttempts.$current.withValue(CallAttempts()) {
        for _ in 0..<attempts { try await meter.run {} }
      }
    }
    #expect(meter.count == 6 && meter.retries == 3)
  }
}
