import Testing

@testable import ResilienceDemo

@Suite("Report page")
struct ReportPageTests {
  private let result = RunResult(.made())

  private func page(_ pictures: [RunPicture]) throws -> Outline.Element {
    try Outline.read(ReportPage(pictures: pictures).document.text)
  }

  @Test("The page is well-formed, for one result, for several and for none")
  func wellFormed() throws {
    let pictures = Scenario.all.map { RunPicture(RunResult(.made(scenario: $0))) }
    for count in [0, 1, pictures.count] {
      let page = try page(Array(pictures.prefix(count)))
      #expect(page.all("h2").map(\.text) == pictures.prefix(count).map(\.scenario))
      #expect(page.all("nav").count == (count > 1 ? 1 : 0))
    }
  }

  @Test("Every picture says what it shows, and points at its own words")
  func alternatives() throws {
    let page = try page([RunPicture(result), RunPicture(result)])
    let pictures = page.all("svg").filter { $0.attributes["role"] == "img" }
    #expect(pictures.count == 2 * (5 + 2 + 1))
    for picture in pictures {
      let ids = picture.attributes["aria-labelledby"]?.split(separator: " ").map(String.init) ?? []
      #expect(ids.count == 2)
      #expect(picture.children.first?.name == "title" && picture.children.first?.text != "")
      for (id, name) in zip(ids, ["title", "desc"]) {
        let words = picture.find(id: id)
        #expect(words?.name == name && words?.text.isEmpty == false, "\(id)")
      }
    }
  }

  @Test("No id stands twice on a page")
  func ids() throws {
    let page = try page([RunPicture(result), RunPicture(result)])
    func ids(_ element: Outline.Element) -> [String] {
      (element.attributes["id"].map { [$0] } ?? []) + element.children.flatMap(ids)
    }
    let all = ids(page)
    #expect(all.count > 20 && Set(all).count == all.count)
  }

  @Test("Nothing is loaded and nothing is run")
  func selfContained() throws {
    let text = ReportPage(pictures: [RunPicture(result)]).document.text
    let page = try Outline.read(text)
    #expect(page.all("script").isEmpty && page.all("link").isEmpty && page.all("img").isEmpty)
    let addresses = text.matches(of: /https?:[^"' ]*/).map { String($0.output) }
    #expect(
      addresses.allSatisfy { $0.hasPrefix("http://www.w3.org/") },
      "only the names of namespaces look like addresses"
    )
    #expect(!text.contains("url(h") && !text.contains("@import"))
    #expect(text.contains("default-src &#39;none&#39;"))
  }

  @Test("The table has the numbers of the result")
  func totals() throws {
    let rows = try page([RunPicture(result)]).all("tr").map { row in
      row.children.map(\.text)
    }
    for (label, value) in [
      ("calls", \ClientResult.calls), ("answered as they should be", \.successes),
      ("failed", \.failures), ("refused at once", \.refusedAtOnce),
      ("requests that reached it while failing, by itself", \.requestsWhileFailing),
    ] {
      #expect(rows.contains([label] + result.clients.map { "\($0[keyPath: value])" }), "\(label)")
    }
    #expect(rows.contains(["status 503", "40", "5"]))
  }

  @Test("The tables under the charts have the values of each interval")
  func values() throws {
    let page = try page([RunPicture(result)])
    let tables = page.all("table").filter { $0.attributes["class"] == "values" }
    #expect(tables.count == 6)
    for table in tables {
      #expect(table.all("tbody").first?.children.count == IntervalResult.count)
    }
    let outcomes = try #require(tables.last).all("tr").dropFirst().map { $0.all("td").map(\.text) }
    for (row, index) in zip(outcomes, 0...) {
      let expected = result.clients.map { client in
        let interval = client.intervals[index]
        return "\(interval.successes) / \(interval.refusedAtOnce) / \(interval.failures)"
      }
      #expect(row == expected)
    }
  }

  @Test("Claims are there with what was measured, and the headline counts those that failed")
  func claims() throws {
    let good = try page([RunPicture(result)])
    #expect(good.all("h1").map(\.text) == ["All 4 claims hold"])
    for claim in result.claims {
      #expect(good.all("li").contains { $0.text.contains(claim.claim + claim.measured) })
    }
    var log = RunLog.made()
    log.standard.transitions.insert(.init(from: "closed", to: "open", atSeconds: 1), at: 0)
    let bad = try page([RunPicture(RunResult(log))])
    #expect(bad.all("h1").map(\.text) == ["1 of 4 claims failed"])
  }

  @Test("What is not checked is named, and gets no tick")
  func notChecked() throws {
    var log = RunLog.made()
    log.clients.removeLast()
    let picture = RunPicture(RunResult(log))
    let page = try page([picture, picture])
    let verdicts = page.all("span").filter { $0.attributes["class"]?.hasPrefix("verdict") == true }
    #expect(verdicts.map(\.text) == ["nothing checked", "nothing checked"])
    #expect(verdicts.allSatisfy { $0.attributes["class"] == "verdict" })
    let names = Scenario.outage.claims.map(\.rawValue).joined(separator: ", ")
    #expect(page.all("p").contains { $0.text == "Not checked: \(names)." })
  }

  @Test("The command repeats the run")
  func command() throws {
    let words = RunPicture(result).command.split(separator: " ").map(String.init).dropFirst(3)
    guard case .run(let options) = try OptionsParser.parse(Array(words)) else {
      Issue.record("it is no command to run")
      return
    }
    #expect(options.scenario == .outage && options.policies == [.none, .standard])
    #expect(options.duration == .seconds(10) && options.rate == 80 && options.seed == 1)
  }

  @Test("The command names the file of a scenario that was read from one")
  func fileCommand() {
    var log = RunLog.made()
    #expect(RunPicture(RunResult(log)).command.contains("--scenario outage "))
    log.options.scenarioFile = "my scenarios/mine.json"
    #expect(
      RunPicture(RunResult(log)).command.contains("--scenario 'my scenarios/mine.json' ")
    )
  }

  @Test(
    "Names that mean something to a shell are quoted in the command",
    arguments: [("outage", "outage"), ("a b", "'a b'"), ("$(x)'y", #"'$(x)'\''y'"#), ("", "''")]
  )
  func quoted(name: String, word: String) {
    let command = RunPicture.command(
      scenario: name,
      clients: ["none"],
      seconds: 3,
      rate: 60,
      seed: 0,
      isSimulated: false
    )
    #expect(command.contains("--scenario \(word) --compare none "))
  }

  @Test("Names that look like markup stay names")
  func hostile() throws {
    let name = "</title><script>alert(1)</script>&amp;\"'\u{1B}[31m"
    let picture = RunPicture.hostile(name)
    let page = try page([picture, picture])
    #expect(page.all("script").isEmpty)
    let seen = name.replacing("\u{1B}", with: "\u{FFFD}")
    #expect(page.all("h2").map(\.text) == [seen, seen])
    #expect(page.all("title").contains { $0.text.contains(seen) })
    #expect(page.all("th").contains { $0.text == seen })
  }

  @Test("A run that was broken by hand shows the breakages and no claim, in every report")
  func brokenByHand() throws {
    let broken = result.broken(
      by: [Breakage(name: "Hang", beganAtSeconds: 4, endedAtSeconds: 5)]
    )
    let page = try page([RunPicture(broken)])
    #expect(page.all("h1").map(\.text) == ["No claim is made of this"])
    #expect(RunPicture(broken).phases.map(\.name).last == "Hang")
    let text = Report(result: broken, palette: .plain).lines.joined(separator: "\n")
    #expect(text.contains("4.00 s  Hang, until 5.00 s") && text.contains("nothing checked"))
    for claim in result.claims { #expect(!text.contains(claim.claim.prefix(30))) }
    let json = try JSONReport.text(broken)
    #expect(json.contains("brokenByHand") && !json.contains("\"holds\""))
    #expect(broken.notChecked == Scenario.outage.claims && broken.claimsHold)
  }

  @Test("A run without calls, phases or clients has a page too")
  func empty() throws {
    let picture = RunPicture.hostile("x", clients: 0)
    #expect(try page([picture]).all("h2").count == 1)
  }

  @Test("A run under way shows what has been, and the breakages of the moment")
  func live() throws {
    let picture = RunPicture(
      .made(at: .seconds(5)),
      breakages: [.init(name: "hang", beganAtSeconds: 4, endedAtSeconds: 5)]
    )
    #expect(picture.elapsed == 5)
    #expect(picture.claims.isEmpty)
    #expect(picture.phases.map(\.name) == ["healthy", "failing", "recovered", "hang"])
    #expect(picture.events.map(\.what).contains("closed → open"))
    #expect(try page([picture]).all("h3").contains { $0.text == "Claims, checked" })
  }
}

extension RunPicture {
  /// A run in which everything that has a name has the same one.
  static func hostile(_ name: String, clients: Int = 2) -> RunPicture {
    RunPicture(
      scenario: name,
      summary: name,
      lookAt: name,
      duration: 0,
      elapsed: 0,
      offered: 0,
      phases: clients == 0 ? [] : [Phase(name: name, isFailing: true, start: 0, end: 0)],
      clients: (0..<clients).map { place in
        Client(
          name: name,
          description: name,
          series: Series(of: name, at: place),
          intervals: [],
          transitions: [RunLog.Transition(from: name, to: name, atSeconds: 0)]
        )
      },
      figures: (0..<clients).map { _ in [Figure(value: name, unit: name, label: name)] },
      totals: [Totals.Row(label: name, cells: (0..<clients).map { _ in name })],
      reasons: [Totals.Row(label: name, cells: (0..<clients).map { _ in name })],
      claims: [],
      settings: [Setting(name: name, value: name)],
      command: name
    )
  }
}
