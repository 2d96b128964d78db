import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

@testable import ResilienceDemo

@Suite("Policies of the clients")
struct PolicyStackTests {
  @Test("The circuit stays open for as long as the service asks, and no longer")
  func hints() async throws {
    let limits = Limits(duration: .seconds(10))
    try await Simulation(seed: 1).run { world in
      for (seconds, open) in [(nil, 1_000), (7, 7_000)] as [(Int?, Int)] {
        let meter = AttemptMeter(timeline: world.timeline)
        let stack = PolicyStack(.breaker, limits, timeline: world.timeline, seed: 1, meter: meter)
        let breaker = try #require(stack.breaker)
        let url = try #require(URL(string: "http://127.0.0.1"))
        let headers: HTTPHeaders = seconds.map { ["Retry-After": "\($0)"] } ?? [:]
        while breaker.state == .closed {
          try? await stack.whole.run {
            throw HTTPStatusError(status: 429, headers: headers, url: url)
          }
        }
        try world.require(meter.count == limits.consecutiveFailures, "\(meter.count) attempts")
        try await world.sleep(for: .milliseconds(open - 1))
        try world.require(breaker.state == .open, "open for \(open) ms")
        try await world.sleep(for: .milliseconds(1))
        try world.require(breaker.state == .halfOpen, "no longer than \(open) ms")
      }
    }
  }

  @Test("Each client has the policies that its name says")
  func stages() {
    let limits = Limits(duration: .seconds(10))
    let kinds = ClientPolicy.allCases.map { choice in
      PolicyStack(choice, limits, seed: 1, meter: AttemptMeter()).whole.stages.count
    }
    // The meter is one of them.
    #expect(kinds == [1, 2, 3, 3, 6])
    for choice in ClientPolicy.allCases {
      let stack = PolicyStack(choice, limits, seed: 1, meter: AttemptMeter())
      #expect((stack.breaker != nil) == choice.hasBreaker)
      #expect((stack.outer != nil) == (choice == .standard))
    }
  }
}
