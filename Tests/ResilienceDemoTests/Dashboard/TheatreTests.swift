import Resilience
import Testing

@testable import ResilienceDemo

/// What a test does while a run goes on.
private typealias Script = @Sendable (Run) async -> Void

private final class Scripts: Sendable {
  private let left: Guarded<[Script]>

  init(_ scripts: [Script]) {
    left = Guarded(scripts)
  }

  func next() -> Script? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

private final class Presented: Sendable {
  private let noted = Guarded<[RunResult]>([])

  var results: [RunResult] { noted.withLock { $0 } }

  func note(_ result: RunResult) { noted.withLock { $0.append(result) } }
}

@Suite("Theatre")
struct TheatreTests {
  private let theatre = Theatre(Options())
  private let presented = Presented()

  /// Opens the theatre, plays as often as there are scripts, and closes it.
  private func play(_ scripts: Script...) async throws {
    let left = Scripts(scripts)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (ends, end) = AsyncStream<Void>.makeStream()
      group.addTask { [theatre] in
        try await theatre.open { run in
          await left.next()?(run)
          await run.close()
          end.yield()
          return RunResult(.made())
        } present: { [presented] result in
          presented.note(result)
        }
      }
      await theatre.audienceArrived()
      var played = 0
      for await _ in ends {
        played += 1
        guard played < scripts.count else { break }
        while await theatre.scene().act == .running { await Task.yield() }
        _ = await theatre.play()
      }
      while await theatre.scene().act == .running { await Task.yield() }
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test("Before someone looks nothing runs, and there is a page all the same")
  func before() async {
    let scene = await theatre.scene()
    #expect(scene.act == .waiting)
    #expect(scene.picture.clients.map(\.name) == ["none", "standard"])
    #expect(await theatre.flip("errors") == "Nothing runs: begin again first.")
    #expect(await theatre.heal() == "Nothing runs: begin again first.")
    #expect(await theatre.claimsHold == nil)
  }

  @Test("Whoever asks for a run that is about to begin does not ask for another")
  func impatience() async {
    await theatre.audienceArrived()
    await theatre.audienceArrived()
    #expect(await theatre.play() == "It runs already.")
    #expect(await theatre.scene().act == .running)
    #expect(await theatre.flip("errors") == "Nothing runs: begin again first.")
    #expect(await theatre.claimsHold == nil)
  }

  @Test("The first page begins the run, and at its end its claims are judged")
  func run() async throws {
    let theatre = theatre
    try await play { _ in
      #expect(await theatre.scene().act == .running)
      #expect(await theatre.play() == "It runs already.")
      #expect(await theatre.claimsHold == nil)
    }
    let scene = await theatre.scene()
    #expect(scene.act == .finished && scene.picture.claims.count == 4)
    #expect(await theatre.claimsHold == true)
  }

  @Test("What is broken by hand is a phase, its switch is on, and no claim is judged any more")
  func broken() async throws {
    let theatre = theatre
    try await play { _ in
      #expect(await theatre.flip("nonsense") == nil)
      #expect(await theatre.flip("hang") == HandFault.hang.sentence)
      #expect(await theatre.flip("slow") == HandFault.slow.sentence)
      let scene = await theatre.scene()
      #expect(scene.switches.filter(\.isOn).map(\.name) == ["slow", "hang"])
      #expect(scene.picture.phases.map(\.name).contains("Hang"))
      let status = DashboardPage(scene: scene, secret: "").parts.first { $0.name == "status" }
      let content = status?.content ?? ""
      #expect(content.contains("Hang") || content.contains("Slow"), "\(content)")
      #expect(await theatre.flip("hang") == "Healed.")
      #expect(await theatre.scene().switches.filter(\.isOn).map(\.name) == ["slow"])
      #expect(await theatre.heal() == "Healed.")
      #expect(await theatre.heal() == "Nothing is broken by hand.")
    }
    let scene = await theatre.scene()
    #expect(scene.isTouched && scene.picture.claims.isEmpty)
    #expect(scene.picture.phases.map(\.name).suffix(2).sorted() == ["Hang", "Slow"])
    let result = try #require(presented.results.first)
    #expect(result.claims == [] && result.claimsHold)
    #expect(result.brokenByHand.map(\.name) == ["Hang", "Slow"])
    #expect(await theatre.claimsHold == true)
  }

  @Test("A run that is begun again knows nothing of the last one")
  func again() async throws {
    let theatre = theatre
    try await play(
      { _ in _ = await theatre.flip("errors") },
      { _ in
        let scene = await theatre.scene()
        #expect(!scene.isTouched && scene.switches.allSatisfy { !$0.isOn })
        #expect(!scene.picture.phases.map(\.name).contains("503"))
      }
    )
    #expect(await theatre.scene().picture.claims.count == 4)
  }
}
