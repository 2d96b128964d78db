import Testing

@testable import ResilienceDemo

@Suite("Screens and reports")
struct ScreenTests {
  private func lines(
    _ snapshot: RunSnapshot = .made(at: .seconds(5)),
    columns: Int = 80,
    rows: Int = 24
  ) -> [String] {
    Screen(
      snapshot: snapshot,
      palette: .plain,
      window: Terminal.Size(columns: columns, rows: rows)
    ).lines
  }

  @Test("No line is wider than the window and no picture higher, whatever the size and the clients")
  func size() {
    for clients in [0, 2, 5, 9] {
      let snapshot = RunSnapshot.made(at: .seconds(6)).with(clients)
      for columns in [0, 1, 9, 10, 11, 19, 20, 21, 22, 40, 80, 121, 200] {
        for rows in [0, 1, 5, 24, 60] {
          let lines = lines(snapshot, columns: columns, rows: rows)
          #expect(lines.count <= max(rows, 0), "\(clients) clients, \(columns)×\(rows)")
          #expect(lines.allSatisfy { $0.columns <= columns }, "\(clients), \(columns)×\(rows)")
        }
      }
    }
  }

  @Test("A usual window has all of two clients, and what happened last, in every scenario")
  func usual() {
    for scenario in Scenario.all {
      for seconds in [0, 3, 5, 7, 10] {
        let snapshot = RunSnapshot.made(.made(scenario: scenario), at: .seconds(seconds))
        let lines = lines(snapshot)
        for label in ["service", "none", "standard", "answered", "p99", "on wire", "events"] {
          #expect(lines.contains { $0.hasPrefix(label) }, "\(label) in \(scenario.name)")
        }
      }
    }
  }

  @Test("The more room there is, the higher the bands are")
  func detail() {
    let heights = [22, 24, 30, 32].map { lines(rows: $0).count { $0.contains("█") } }
    #expect(heights == heights.sorted() && Set(heights).count == 4, "\(heights)")
    let five = RunSnapshot.made(at: .seconds(5)).with(5)
    #expect(lines(five).count { $0.hasPrefix(" p99") } == 5)
    #expect(lines(rows: 8).contains { $0.hasPrefix("standard  ") })
  }

  @Test("Without colours there is no control sequence")
  func plain() {
    #expect(!lines().joined().contains("\u{1B}"))
  }

  @Test("The picture says what there is to be said")
  func content() {
    let text = lines()
    #expect(text.first?.hasPrefix("resilience-demo · outage") == true)
    #expect(text.first?.hasSuffix("5.0 of 10 s") == true)
    #expect(text.contains { $0.hasPrefix("service") && $0.hasSuffix("failing") })
    #expect(text.contains { $0.hasPrefix("breaker") && $0.hasSuffix("open") })
    #expect(text.contains { $0.hasSuffix("3.00 s  standard   breaker closed → open") })
  }

  @Test("A footer stands in the last line")
  func footer() {
    let screen = Screen(
      snapshot: .made(at: .seconds(5)),
      palette: .plain,
      window: .init(),
      footer: "dashboard"
    )
    #expect(screen.lines.last == "dashboard" && screen.lines.count <= 24)
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

extension RunSnapshot {
  /// The same with another number of clients.
  fileprivate func with(_ count: Int) -> RunSnapshot {
    RunSnapshot(
      options: options,
      limits: limits,
      elapsed: elapsed,
      clients: (0..<count).map { clients[$0 % clients.count] }
    )
  }
}
