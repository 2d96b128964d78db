import Testing

@testable import ResilienceDemo

@Suite("Screens and reports")
struct ScreenTests {
  @Test("A picture fits a terminal of 80 columns and 24 rows, in every scenario and at any time")
  func size() {
    for scenario in Scenario.all {
      for seconds in [0, 3, 5, 7, 10] {
        let snapshot = RunSnapshot.made(.made(scenario: scenario), at: .seconds(seconds))
        let lines = Screen(snapshot: snapshot, palette: .plain).lines
        #expect(lines.count < 24, "\(scenario.name)")
        #expect(lines.allSatisfy { $0.count < 80 }, "\(scenario.name)")
      }
    }
  }

  @Test("Without colours there is no control sequence")
  func plain() {
    let lines = Screen(snapshot: .made(at: .seconds(5)), palette: .plain).lines
    #expect(!lines.joined().contains("\u{1B}"))
  }

  @Test("The picture says what there is to be said")
  func content() {
    let text = Screen(snapshot: .made(at: .seconds(5)), palette: .plain).lines
    #expect(text.first?.hasPrefix("resilience-demo · outage") == true)
    #expect(text.first?.hasSuffix("5.0 of 10 s") == true)
    #expect(text.contains { $0.hasPrefix("service") && $0.hasSuffix("failing") })
    #expect(text.contains { $0.hasPrefix("breaker") && $0.hasSuffix("open") })
    #expect(text.contains { $0.hasSuffix("3.00 s open") })
  }

  @Test("The report fits 80 columns, and names the claim that failed")
  func report() {
    var log = RunLog.made()
    log.standard.transitions.insert(.init(from: "closed", to: "open", atSeconds: 1), at: 0)
    let lines = Report(result: RunResult(log), palette: .plain).lines
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count { $0.contains("FAILED") } == 1)
    #expect(lines.count { $0.contains("holds ") } == 3)
  }

  @Test("The table has both clients side by side")
  func table() {
    let lines = Table(result: RunResult(.made())).lines
    #expect(lines.first?.split(separator: " ") == ["none", "standard"])
    let load = lines.first { $0.hasPrefix("requests that reached it") }
    #expect(load?.split(separator: " ").suffix(2) == ["40", "5"])
  }

  @Test("Headings and lists fit 80 columns")
  func headings() {
    for seconds in [3, 10, 3_600] {
      let options = Options(duration: .seconds(seconds), rate: 200, seed: .max)
      let lines = Report.heading(options, Limits(duration: options.duration))
      #expect(lines.allSatisfy { $0.count <= 80 })
    }
    #expect(Usage.list.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("Text breaks at blanks, and long words stay whole")
  func wrapping() {
    #expect("a bc def".wrapped(to: 4) == ["a bc", "def"])
    #expect("abcdefgh i".wrapped(to: 4) == ["abcdefgh", "i"])
    #expect("".wrapped(to: 4) == [])
  }
}
