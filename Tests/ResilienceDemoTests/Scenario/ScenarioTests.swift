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
    arguments: [(1, 100, 150, 1), (3, 300, 150, 1), (10, 1_000, 250, 2), (3_600, 10_000, 250, 60)]
  )
  func limits(seconds: Int, open: Int, attempt: Int, bare: Int) {
    let limits = Limits(duration: .seconds(seconds))
    #expect(limits.openMilliseconds == open)
    #expect(limits.attemptTimeoutMilliseconds == attempt)
    #expect(limits.callTimeoutMilliseconds == 4 * attempt)
    #expect(limits.bareTimeoutSeconds == bare)
  }
}
