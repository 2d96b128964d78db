import Testing

@testable import ResilienceDemo

@Suite("Table of all scenarios")
struct SuiteTableTests {
  @Test("Each scenario has a line per client, and its claims stand once")
  func lines() {
    var failing = RunLog.made(scenario: .errors)
    failing.standard.transitions.insert(.init(from: "closed", to: "open", atSeconds: 1), at: 0)
    let suite = SuiteResult([RunResult(.made()), RunResult(failing)])
    let lines = SuiteTable(suite: suite, palette: .plain).lines
    #expect(!suite.claimsHold)
    #expect(lines.count == 5)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].split(separator: " ").prefix(4) == ["outage", "none", "60.0", "%"])
    #expect(lines[1].hasSuffix("4 of 4 hold") && !lines[2].contains("hold"))
    #expect(lines[3].hasPrefix("errors ") && lines[3].hasSuffix("3 of 4 hold"))
  }

  @Test("Where no claim is made nothing holds, in no colour")
  func nothingChecked() {
    var log = RunLog.made()
    log.clients.removeLast()
    let suite = SuiteResult([RunResult(log)])
    let lines = SuiteTable(suite: suite, palette: .coloured).lines
    #expect(lines.count == 2 && lines[1].hasSuffix("  nothing checked"))
  }

  @Test("Simulated runs say so first, and nothing of what they do not simulate")
  func simulated() {
    for scenario in [Scenario.hang, .reset] {
      let real = RunResult(.made(scenario: scenario))
      let simulated = RunResult(.made(scenario: scenario, isSimulated: true))
      #expect(SuiteTable(suite: SuiteResult([real]), palette: .plain).lines.count == 3)
      let table = SuiteTable(suite: SuiteResult([simulated]), palette: .plain).lines
      #expect(table.count == 4 && table[0] == "simulated, seed 1")
      let text = Report(result: simulated, palette: .plain).lines
      #expect(text.first == "simulated, seed 1")
      #expect(Report(result: real, palette: .plain).lines.first != "simulated, seed 1")
      #expect(real.settings.lookAt.contains("URLSession"))
      #expect(!simulated.settings.lookAt.contains("URLSession"))
      #expect(!simulated.settings.lookAt.contains("libcurl"))
    }
  }

  @Test("The longest name that a file may have fits")
  func longName() {
    var scenario = Scenario.outage
    scenario = Scenario(
      name: String(repeating: "x", count: 20),
      summary: "",
      lookAt: "",
      phases: scenario.phases
    )
    let suite = SuiteResult([RunResult(.made(scenario: scenario))])
    #expect(SuiteTable(suite: suite, palette: .plain).lines.allSatisfy { $0.count <= 80 })
  }
}
