import Testing

@testable import ResilienceDemo

@Suite("Scenarios")
struct ScenarioTests {
  @Test("Names differ")
  func names() {
    #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
  }

  @Test("Each begins and ends in health, fails in between, and says what to look at")
  func shape() {
    for scenario in Scenario.all {
      #expect(scenario.phases.first?.isFailing == false, "\(scenario.name)")
      #expect(scenario.phases.last?.isFailing == false, "\(scenario.name)")
      #expect(scenario.phases.contains { $0.isFailing }, "\(scenario.name)")
      #expect(!scenario.claims.isEmpty, "\(scenario.name)")
      #expect(!scenario.summary.isEmpty && !scenario.lookAt.isEmpty, "\(scenario.name)")
    }
  }

  @Test("Each leaves room to recover in: at least twice the open period after the last failure")
  func room() {
    for seconds in [3, 10, 3_600] {
      let duration = Duration.seconds(seconds)
      for scenario in Scenario.all {
        let last = scenario.starts(in: duration).last ?? .zero
        #expect(duration - last >= Limits(duration: duration).openFor * 2, "\(scenario.name)")
      }
    }
  }

  @Test("Every claim is made by some scenario")
  func claims() {
    #expect(Set(Scenario.all.flatMap(\.claims)) == Set(ClaimName.allCases))
  }

  @Test("The clients that a scenario shows are those that its claims are about")
  func witnesses() {
    for scenario in Scenario.all {
      let log = RunLog.made(scenario: scenario, scenario.policies)
      #expect(RunResult(log).claims.map(\.name) == scenario.claims, "\(scenario.name)")
    }
  }

  @Test("Phases begin after those before them")
  func starts() {
    let starts = Scenario.outage.starts(in: .seconds(10))
    #expect(starts == [.zero, .milliseconds(2_500), .milliseconds(6_500)])
  }

  @Test("Only a refused connection keeps requests from being counted by the service")
  func reach() {
    #expect(Scenario.all.filter { !$0.reachesService } == [.refuse])
  }

  @Test(
    "Limits grow with the run, within bounds",
    arguments: [(1, 100, 1), (3, 300, 1), (10, 1_000, 2), (3_600, 10_000, 60)]
  )
  func limits(seconds: Int, open: Int, bare: Int) {
    let limits = Limits(duration: .seconds(seconds))
    #expect(limits.openMilliseconds == open)
    #expect(limits.callTimeout == limits.attemptTimeout * 4)
    #expect(limits.bareTimeoutSeconds == bare)
  }
}
