import Foundation
import Testing

@testable import ResilienceDemo

@Suite("Scenario files")
struct ScenarioFileTests {
  @Test("Every scenario that is written is the same when it is read again", arguments: Scenario.all)
  func roundTrip(scenario: Scenario) throws {
    let text = try ScenarioFile.text(of: scenario)
    #expect(try ScenarioFile.scenario(Data(text.utf8)) == scenario)
    #expect(text.utf8.count <= ScenarioFile.longest)
  }

  @Test("What is left out is as usual")
  func defaults() throws {
    let scenario = try read(
      phases: #"{"weight":1},{"weight":2,"faults":[{"kind":"hang"}]},{"weight":3}"#
    )
    #expect(scenario.phases.map(\.name) == ["healthy", "failing", "healthy"])
    #expect(scenario.phases.map(\.weight) == [1, 2, 3])
    #expect(scenario.policies == [.none, .standard])
    #expect(scenario.service == ServiceTraits() && scenario.tuning == Tuning())
    #expect(scenario.claims == [] && scenario.summary == "")
  }

  @Test("All kinds of faults can be said, with their scopes")
  func faults() throws {
    let scenario = try read(
      #""service":{"replicas":3,"capacity":2},"#,
      phases: """
        {"weight":1},{"weight":1,"faults":[
        {"kind":"status","status":429,"retryAfterSeconds":0,"share":0.5,"replica":3},
        {"kind":"hang","share":1},{"kind":"refuse"},{"kind":"reset","replica":1},
        {"kind":"latency","fromMilliseconds":5},
        {"kind":"latency","fromMilliseconds":5,"toMilliseconds":7},
        {"kind":"slowdown","factor":2.5},{"kind":"quota","ofCalls":0.5,"retryAfterSeconds":3}
        ]},{"weight":1}
        """
    )
    #expect(
      scenario.phases[1].faults == [
        ScopedFault(fault: .status(429, retryAfterSeconds: 0), share: 0.5, replica: 3),
        ScopedFault(fault: .hang), ScopedFault(fault: .refuse),
        ScopedFault(fault: .reset, replica: 1),
        ScopedFault(fault: .latency(.milliseconds(5)...(.milliseconds(5)))),
        ScopedFault(fault: .latency(.milliseconds(5)...(.milliseconds(7)))),
        ScopedFault(fault: .slowdown(2.5)),
        ScopedFault(fault: .quota(0.5, retryAfterSeconds: 3)),
      ]
    )
  }

  @Test(
    "What is wrong is said with its place, its value and what is allowed",
    arguments: [
      (#""name":7,"#, "", "name cannot be “7”; allowed: a text of 1...20 printable characters"),
      (#""colour":"red","#, "", "colour is unknown; allowed: name, summary"),
      (
        #""clients":["none","best"],"#, "",
        "clients[1] cannot be “best”; allowed: different ones of"
      ),
      (#""clients":["none","none"],"#, "", "clients[1] cannot be “none”"),
      (#""clients":[],"#, "", "clients cannot be “a list”; allowed: a list of 1...5 values"),
      (#""claims":["wins"],"#, "", "claims[0] cannot be “wins”; allowed: different ones of stays-"),
      (#""service":3,"#, "", "service cannot be “3”; allowed: an object"),
      (
        #""service":{"replicas":0},"#, "", "service.replicas cannot be “0”; allowed: a whole number"
      ),
      (#""service":{"replicas":1.5},"#, "", "service.replicas cannot be “1.5”"),
      (#""service":{"capacity":1e300},"#, "", "service.capacity cannot be “1e+300”; allowed: a nu"),
      (#""service":{"cold":{}},"#, "", "service.capacity, which service.cold needs, is missing"),
      (#""tuning":{"ramp":[2]},"#, "", "tuning.ramp[0] cannot be “2”; allowed: a number in 0.01"),
      ("", #"{"weight":1}"#, "phases cannot be “a list”; allowed: a list of 3...50 values"),
      (
        "", #"{"weight":1},{"weight":1},{"weight":1}"#,
        "phases cannot be “healthy, healthy, healthy”"
      ),
      (
        "", #"{"weight":1,"faults":[{"kind":"hang"}]},{"weight":1},{"weight":1}"#,
        "phases cannot be “failing, healthy, healthy”"
      ),
      (
        "", #"{"weight":1},{"weight":1},{"weight":1,"faults":[{"kind":"hang"}]}"#,
        "phases cannot be “healthy, healthy, failing”"
      ),
      ("", #"{},{},{}"#, "phases[0].weight is missing; allowed: a whole number in 1...1000"),
      (
        "", #"{"weight":0},{},{}"#, "phases[0].weight cannot be “0”; allowed: a whole number in 1.."
      ),
      ("", #"{"weight":true},{},{}"#, "phases[0].weight cannot be “true”"),
      ("", fault(#"{}"#), "phases[1].faults[0].kind is missing; allowed: status, hang"),
      ("", fault(#"{"kind":"fire"}"#), "phases[1].faults[0].kind cannot be “fire”"),
      ("", fault(#"{"kind":"status"}"#), "phases[1].faults[0].status is missing"),
      ("", fault(#"{"kind":"status","status":200}"#), "phases[1].faults[0].status cannot be “200”"),
      ("", fault(#"{"kind":"hang","share":0}"#), "phases[1].faults[0].share cannot be “0”"),
      (
        "", fault(#"{"kind":"hang","factor":2}"#),
        "phases[1].faults[0].factor is unknown; allowed: k"
      ),
      (
        "", fault(#"{"kind":"refuse","share":0.5}"#),
        "phases[1].faults[0].share is unknown; allowed: kind, replica"
      ),
      ("", fault(#"{"kind":"hang","replica":2}"#), "phases[1].faults[0].replica cannot be “2”"),
      (
        "", fault(#"{"kind":"slowdown","factor":2}"#), "service.capacity, which phases[1].faults[0]"
      ),
      (
        "", fault(#"{"kind":"latency","fromMilliseconds":9,"toMilliseconds":8}"#),
        "phases[1].faults[0].toMilliseconds cannot be “8”; allowed: a whole number in 9...60000"
      ),
    ]
  )
  func invalid(members: String, phases: String, message: String) {
    let error = #expect(throws: ScenarioFileError.self) { try read(members, phases: phases) }
    #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("What is no JSON, too long, too deep or not there is an error, too")
  func unreadable() {
    for text in ["", "{", "nothing", #"{"name": "a" "b"}"#] {
      let error = #expect(throws: ScenarioFileError.self, "\(text)") {
        try ScenarioFile.scenario(Data(text.utf8))
      }
      guard case .notJSON = error else {
        Issue.record("\(text): \(error.map { "\($0)" } ?? "")")
        continue
      }
    }
    let long = Data(repeating: 0x20, count: ScenarioFile.longest + 1)
    #expect(throws: ScenarioFileError.tooLarge(limit: ScenarioFile.longest)) {
      try ScenarioFile.scenario(long)
    }
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(throws: ScenarioFileError.self) { try ScenarioFile.scenario(Data(deep.utf8)) }
    #expect(throws: ScenarioFileError.self) { try ScenarioFile.read("/nowhere/at/all.json") }
  }

  @Test("A file can be read where it lies, and runs like any scenario")
  func file() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scenario-\(UUID().uuidString).json"
    )
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(ScenarioFile.text(of: .outage).utf8).write(to: path)
    let command = try OptionsParser.parse(["--scenario", path.path, "--duration", "3"])
    guard case .run(let options) = command else {
      Issue.record("no run")
      return
    }
    #expect(options.scenario == .outage)
  }

  private func read(_ members: String = "", phases: String) throws -> Scenario {
    let phases = phases.isEmpty ? fault(#"{"kind":"hang"}"#) : phases
    let name = members.contains(#""name""#) ? "" : #""name":"a","#
    return try ScenarioFile.scenario(Data(#"{\#(name)\#(members)"phases":[\#(phases)]}"#.utf8))
  }
}

/// Phases of which the second has a fault.
private func fault(_ text: String) -> String {
  #"{"weight":1},{"weight":1,"faults":[\#(text)]},{"weight":1}"#
}
