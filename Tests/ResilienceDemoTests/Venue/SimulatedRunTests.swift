import Foundation
import Testing

@testable import ResilienceDemo

@Suite("Simulated runs")
struct SimulatedRunTests {
  private static let isSoaking =
    ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] != nil

  @Test("Every claim of every scenario holds, whatever the seed", arguments: Scenario.all)
  func claims(scenario: Scenario) async throws {
    for (seconds, seed) in [(3, 1), (10, 2)] as [(Int, UInt64)] {
      try await requireClaims(of: scenario, seconds: seconds, seed: seed)
    }
  }

  @Test(
    "So they do for many seeds, rates and lengths",
    .enabled(if: Self.isSoaking, "set RESILIENCE_SOAK=1"),
    arguments: Scenario.all
  )
  func manyClaims(scenario: Scenario) async throws {
    for seed in 100..<140 as Range<UInt64> {
      for (seconds, rate) in [(3, 60), (3, 200), (10, 80), (60, 120)] {
        try await requireClaims(of: scenario, seconds: seconds, seed: seed, rate: rate)
      }
    }
  }

  private func requireClaims(
    of scenario: Scenario,
    seconds: Int,
    seed: UInt64,
    rate: Int = 80
  ) async throws {
    let options = Options(
      scenario: scenario,
      duration: .seconds(seconds),
      rate: rate,
      seed: seed,
      isSimulated: true
    )
    let result = RunResult(try await Run.simulate(options))
    #expect(result.claims.count == scenario.claims.count)
    for claim in result.claims where !claim.holds {
      Issue.record("\(claim.name), \(seconds) s, rate \(rate), seed \(seed): \(claim.measured)")
    }
  }

  @Test("Equal seeds give equal reports byte by byte, and others do not")
  func determinism() async throws {
    for scenario in [Scenario.replica, .errors] {
      var options = Options(scenario: scenario, duration: .seconds(3), seed: 7, isSimulated: true)
      let first = try JSONReport.text(RunResult(try await Run.simulate(options)))
      #expect(try JSONReport.text(RunResult(try await Run.simulate(options))) == first)
      options.seed = 8
      #expect(try JSONReport.text(RunResult(try await Run.simulate(options))) != first)
    }
  }

  @Test("A simulated run makes all calls of all clients, and none begins late")
  func calls() async throws {
    let policies = ClientPolicy.allCases
    let options = Options(chosen: policies, duration: .seconds(3), isSimulated: true)
    let result = RunResult(try await Run.simulate(options))
    let schedule = CallSchedule(rate: options.rate, duration: options.duration, seed: options.seed)
    #expect(result.clients.map(\.name) == policies.map(\.name))
    for client in result.clients {
      #expect(client.calls == schedule.arrivals.count)
      #expect(client.latestStartMilliseconds == 0)
      #expect(client.phases.map(\.beganAtSeconds) == [0, 0.75, 1.95])
      #expect(client.successes > 0 && client.failures > 0)
      #expect((client.refusedAtOnce > 0) == client.hasBreaker)
    }
  }

  @Test("A fault that hits by chance hits as many as it says")
  func share() async throws {
    let options = Options(scenario: .errors, chosen: [.none], isSimulated: true)
    let result = RunResult(try await Run.simulate(options))
    let bare = try #require(result.clients.first)
    // Six standard deviations of 300 tosses are 0.17.
    let share = Double(bare.failures) / Double(bare.requestsWhileFailing)
    #expect((0.3...0.7).contains(share), "\(share)")
  }

  @Test("A simulated run that is cancelled ends")
  func cancelled() async {
    let work = Task { try await Run.simulate(Options(duration: .seconds(60))) }
    work.cancel()
    await #expect(throws: (any Error).self) { try await work.value }
  }
}
