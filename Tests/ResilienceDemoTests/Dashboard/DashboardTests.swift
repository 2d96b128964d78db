import Foundation
import Testing

@testable import ResilienceDemo

@Suite("Dashboard", .byThemselves)
struct DashboardTests {
  private let stage = MadeStage()
  private let dashboard: Dashboard

  init() throws {
    dashboard = try Dashboard(stage, port: 0, tick: .milliseconds(5))
  }

  private var host: String { "Host: 127.0.0.1:\(dashboard.port)" }

  private func ask(_ lines: String...) async throws -> String {
    let client = try WireClient(dashboard.port)
    switch lines.count {
    case 2: await client.send(lines[0], lines[1], "Connection: close")
    case 3: await client.send(lines[0], lines[1], lines[2], "Connection: close")
    default: await client.send(lines[0], lines[1], lines[2], lines[3], "Connection: close")
    }
    return await client.read()
  }

  private func secret() async throws -> String {
    let page = try await ask("GET / HTTP/1.1", host)
    let secret = try #require(page.firstMatch(of: /data-secret="([0-9a-f]{32})"/))
    return "X-Demo-Secret: \(secret.output.1)"
  }

  private func status(_ answer: String) -> String {
    answer.split(separator: " ").dropFirst().first.map(String.init) ?? "none"
  }

  private func expect(
    _ status: String,
    _ answer: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status(answer) == status, sourceLocation: location)
  }

  @Test("The page is whole and well-formed, and may be neither framed nor kept")
  func page() async throws {
    let answer = try await ask("GET / HTTP/1.1", host)
    let halves = answer.split(separator: "\r\n\r\n", maxSplits: 1)
    #expect(status(answer) == "200")
    #expect(halves[0].contains("frame-ancestors 'none'"))
    #expect(halves[0].contains("Cache-Control: no-store"))
    let page = try Outline.read(String(halves[1]))
    #expect(page.all("script").map(\.attributes["src"]) == [DashboardScript.path])
    let actions = page.all("button").compactMap { $0.attributes["data-action"] }
    #expect(actions == ["/faults/hang", "/heal", "/play"])
    #expect(page.find(id: "run-success-title") != nil)
    await dashboard.close()
  }

  @Test("The script is served, and finds in the page what it looks for")
  func script() async throws {
    let answer = try await ask("GET \(DashboardScript.path) HTTP/1.1", host)
    #expect(answer.contains("Content-Type: text/javascript"))
    #expect(answer.hasSuffix(DashboardScript.text))
    #expect(DashboardScript.text.contains(DashboardGuard.secretField))
    let page = DashboardPage(scene: stage.scene(), secret: "x").document.text
    #expect(page.contains("id=\"message\"") && page.contains("id=\"dashboard\""))
    await dashboard.close()
  }

  @Test("What changes arrives as an event, and what does not is not sent again")
  func events() async throws {
    let client = try WireClient(dashboard.port)
    await client.send("GET /events HTTP/1.1", host)
    let first = await client.read(until: "run-totals")
    #expect(first.contains("Content-Type: text/event-stream"))
    #expect(first.contains("event: part\ndata: {\"html\":"))
    #expect(first.contains("\"name\":\"switches\""))
    #expect(stage.done == ["audience"])
    _ = stage.flip("hang")
    let second = await client.read(until: "\"name\":\"switches\"")
    #expect(second.contains(#"aria-pressed=\"true\""#))
    #expect(!second.contains("run-success"), "the charts have not changed")
    await dashboard.close()
  }

  @Test("A button with the secret does what it says, and says what it did")
  func buttons() async throws {
    let secret = try await secret()
    let flipped = try await ask("POST /faults/hang HTTP/1.1", host, secret)
    #expect(status(flipped) == "200" && flipped.hasSuffix("It hangs."))
    let origin = "Origin: http://127.0.0.1:\(dashboard.port)"
    expect("200", try await ask("POST /heal HTTP/1.1", host, secret, origin))
    expect("200", try await ask("POST /play HTTP/1.1", host, secret))
    #expect(stage.done == ["flip", "heal", "play"])
    expect("404", try await ask("POST /faults/other HTTP/1.1", host, secret))
    await dashboard.close()
  }

  @Test("Nothing is pressed without the secret, from a foreign page, or with another method")
  func foreign() async throws {
    let secret = try await secret()
    expect("403", try await ask("POST /play HTTP/1.1", host))
    expect("403", try await ask("POST /play HTTP/1.1", host, "X-Demo-Secret: 0"))
    for origin in ["http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"] {
      let answer = try await ask("POST /play HTTP/1.1", host, secret, "Origin: \(origin)")
      #expect(status(answer) == "403", "\(origin)")
    }
    expect("405", try await ask("GET /play HTTP/1.1", host, secret))
    #expect(stage.done == [])
    await dashboard.close()
  }

  @Test("A foreign page does not begin the run by watching it, and our own does")
  func foreignWatcher() async throws {
    for field in [
      "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
      "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: anything",
    ] {
      for target in ["/events", "/"] {
        let answer = try await ask("GET \(target) HTTP/1.1", host, field)
        #expect(status(answer) == "403", "\(field) at \(target)")
      }
    }
    #expect(stage.done == [])
    expect("200", try await ask("GET / HTTP/1.1", host, "Sec-Fetch-Site: none"))
    let client = try WireClient(dashboard.port)
    let origin = "Origin: http://127.0.0.1:\(dashboard.port)"
    await client.send("GET /events HTTP/1.1", host, origin, "Sec-Fetch-Site: same-origin")
    _ = await client.read(until: "run-totals")
    #expect(stage.done == ["audience"])
    await dashboard.close()
  }

  @Test("Whoever calls the server by another name sees nothing")
  func rebinding() async throws {
    for name in ["evil.example:\(dashboard.port)", "127.0.0.1", "127.0.0.1:\(dashboard.port) x"] {
      for target in ["GET /", "GET /events", "GET \(DashboardScript.path)", "POST /play"] {
        let answer = try await ask("\(target) HTTP/1.1", "Host: \(name)")
        #expect(status(answer) == "421" || status(answer) == "400", "\(target) at \(name)")
      }
    }
    expect("200", try await ask("GET / HTTP/1.1", "Host: LOCALHOST:\(dashboard.port)"))
    #expect(stage.done == [])
    await dashboard.close()
  }

  @Test("The end is said to the pages that are open")
  func end() async throws {
    let client = try WireClient(dashboard.port)
    await client.send("GET /events HTTP/1.1", host)
    _ = await client.read(until: "run-totals")
    await dashboard.close()
    let rest = await client.read()
    #expect(rest.hasSuffix("event: end\ndata:\n\n\r\n0\r\n\r\n"))
  }

  @Test("More pages than there is room for are told so")
  func audience() async throws {
    var clients: [WireClient] = []
    for _ in 0..<DashboardService.audience {
      let client = try WireClient(dashboard.port)
      await client.send("GET /events HTTP/1.1", host)
      _ = await client.read(until: "run-totals")
      clients.append(client)
    }
    let late = try WireClient(dashboard.port)
    await late.send("GET /events HTTP/1.1", host)
    let answer = await late.read(until: "event: full")
    #expect(answer.contains("event: full\ndata:\n\n"))
    #expect(stage.done.count == DashboardService.audience)
    await dashboard.close()
  }
}

@Suite("Programme of a dashboard")
struct ProgrammeTests {
  private let stage = MadeStage()

  @Test("All is sent once, then nothing, and now and then a sign of life")
  func quiet() throws {
    var programme = Programme()
    let edition = Edition(stage.scene(), secret: "")
    let events = try (0...26).map { _ in try programme.events(for: edition) }
    #expect(events[0].contains("event: part"))
    #expect(events[1..<25].allSatisfy { $0.isEmpty })
    #expect(events[25] == EventText.pulse && events[26] == "")
  }

  @Test("Another scenario, or other clients, need another page")
  func reload() throws {
    var programme = Programme()
    _ = try programme.events(for: Edition(stage.scene(), secret: ""))
    stage.show(
      Scene(
        act: .running,
        picture: RunPicture(.made(.made(scenario: .hang), at: .seconds(1))),
        switches: []
      )
    )
    let events = try programme.events(for: Edition(stage.scene(), secret: ""))
    #expect(events == "event: reload\ndata:\n\n")
    #expect(programme.isOver)
  }

  @Test("An event is one line of data, whatever it says, and bounded")
  func bounds() throws {
    let event = try EventText.part("a\nb", "<p>\r\n\u{2028}</p>")
    #expect(event.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
    #expect(!event.contains("\r"))
    let long = try EventText.part("a", String(repeating: "\"", count: EventText.limit))
    #expect(long.utf8.count < EventText.limit && long.contains("Too much"))
  }
}
