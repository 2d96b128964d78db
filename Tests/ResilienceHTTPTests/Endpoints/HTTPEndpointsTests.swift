import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("A service of several servers")
struct HTTPEndpointsTests {
  private let servers: [FaultServer]
  private let clock = ManualClock()

  init() throws {
    servers = [try .sample(), try .sample(), try .sample()]
  }

  private func notes<P: Policy>(
    through policy: P,
    headers: HTTPHeaders = [:]
  ) -> HTTPEndpoints<P, Timeout> {
    var settings = EndpointSettings()
    settings.choice = .roundRobin
    settings.consecutiveFailures = 3
    settings.ejectionJitter = 0
    return HTTPEndpoints(
      "notes",
      servers.map(\.url),
      settings,
      session: .fresh(),
      pipeline: policy,
      each: Timeout(.seconds(60)),
      headers: headers,
      timeline: Timeline(clock)
    )
  }

  private var counts: [Int] { servers.map(\.requestCount) }

  @Test("Each method does its work, and calls go around")
  func methods() async throws {
    let notes = notes(through: NoPolicy(), headers: ["X-Token": "t"])
    let note = Note(id: 9, text: "new")
    #expect(try await notes.get("notes/\(1)", as: Note.self) == Note(id: 1, text: "note 1"))
    #expect(try await notes.post("notes", body: note, as: Note.self) == note)
    #expect(try await notes.put("notes", body: note, as: Note.self) == note)
    #expect(try await notes.patch("notes", body: note, as: Note.self) == note)
    try await notes.post("notes", body: note)
    try await notes.put("notes", body: note)
    try await notes.patch("notes", body: note)
    try await notes.delete("notes/1")
    let (data, _) = try await notes.send("GET", "echo", headers: ["X-Two": "2"])
    #expect(String(decoding: data, as: UTF8.self).hasPrefix("t|"))
    #expect(counts == [3, 3, 3])
    #expect(servers[1].exchanges[0].headers["Content-Type"] == "application/json")
  }

  @Test("A retry of a request that may be repeated goes to another server")
  func retry() async throws {
    servers[0].inject(.status(503))
    let notes = notes(through: threeAttempts())
    #expect(try await notes.get("notes/1", as: Note.self).id == 1)
    #expect(counts == [1, 1, 0])
  }

  @Test("A body that can be sent again is, elsewhere; one that cannot goes to one server")
  func bodies() async throws {
    servers[0].inject(.status(503))
    let notes = notes(through: threeAttempts())
    let streams = HTTPBody.streams { InputStream(data: Data(#"{"id":3,"text":"x"}"#.utf8)) }
    let (data, _) = try await notes.send("POST", "notes", body: streams, isRepeatable: true)
    #expect(try JSONDecoder().decode(Note.self, from: data) == Note(id: 3, text: "x"))
    #expect(counts == [1, 1, 0])

    let once = HTTPBody.once(InputStream(data: Data(#"{"id":3,"text":"x"}"#.utf8)))
    servers[2].inject(.status(503))
    await #expect(throws: HTTPStatusError.self) {
      try await notes.send("POST", "notes", body: once, isRepeatable: true)
    }
    #expect(counts == [1, 1, 1])
  }

  @Test(
    "A policy that repeats all the same finds the first server's answer, and no server sees a thing"
  )
  func stubborn() async throws {
    struct Stubborn: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        _ = try? await operation()
        return try await operation()
      }
    }
    servers[0].inject(.status(503))
    let notes = notes(through: Stubborn())
    let once = HTTPBody.once(InputStream(data: Data(#"{"id":3,"text":"x"}"#.utf8)))
    let error = await #expect(throws: HTTPStatusError.self) {
      try await notes.send("POST", "notes", body: once)
    }
    #expect(error?.status == 503)
    #expect(counts == [1, 0, 0])
  }

  @Test("All servers see the same generated key, and the number of the attempt")
  func oneKey() async throws {
    servers[0].inject(.status(503))
    let notes = notes(through: threeAttempts())
    let note = Note(id: 1, text: "")
    try await notes.post("notes", body: note, idempotencyKey: .generated)
    try await notes.post("notes", body: note, idempotencyKey: .generated)
    #expect(counts == [1, 1, 1])
    let requests = servers.map(\.exchanges[0].headers)
    let keys = requests.map { $0[IdempotencyKey.headerField] }
    #expect(keys[0] != nil && keys[0] == keys[1] && keys[0] != keys[2])
    #expect(requests.map { $0["X-Request-Attempt"] } == [nil, "2", nil])
  }

  @Test("A POST is not sent elsewhere, unless it carries a key or was not acted on")
  func posts() async throws {
    servers[0].inject(.status(503))
    let note = Note(id: 1, text: "")
    func fresh() -> HTTPEndpoints<Retry, Timeout> { self.notes(through: threeAttempts()) }
    await #expect(throws: HTTPStatusError.self) { try await fresh().post("notes", body: note) }
    await #expect(throws: HTTPStatusError.self) {
      try await fresh().run(isRepeatable: false) { try await $0.get("notes/1", as: Note.self) }
    }
    await #expect(throws: HTTPStatusError.self) { try await fresh().patch("notes", body: note) }
    await #expect(throws: HTTPStatusError.self) { try await fresh().send("MERGE", "notes") }
    #expect(counts == [4, 0, 0])
    try await fresh().post("notes", body: note, headers: ["Idempotency-Key": "1"])
    try await fresh().patch("notes", body: note, isRepeatable: true)
    #expect(counts == [6, 2, 0])
    let keyed = self.notes(through: threeAttempts(), headers: ["Idempotency-Key": "2"])
    try await keyed.post("notes", body: note)
    #expect(counts == [7, 3, 0])
    servers[0].stop()
    try await fresh().post("notes", body: note)
    #expect(servers[1].requestCount == 4)
  }

  @Test("A server that fails is left out, probed and taken back; a 404 is no failure")
  func ejection() async throws {
    let outage = servers[0].inject(.status(500))
    let notes = notes(through: NoPolicy())
    for _ in 0..<9 { _ = try? await notes.get("notes/1", as: Note.self) }
    #expect(counts == [3, 3, 3])
    for _ in 0..<6 { _ = try await notes.get("notes/1", as: Note.self) }
    #expect(counts == [3, 6, 6])
    for _ in 0..<8 {
      let error = await #expect(throws: HTTPStatusError.self) {
        try await notes.get("notes/999", as: Note.self)
      }
      #expect(error?.status == 404)
    }
    #expect(notes.endpoints.snapshot.map(\.failures) == [0, 0, 0])
    outage.heal()
    clock.advance(by: .seconds(30))
    _ = try await notes.get("notes/1", as: Note.self)
    #expect(servers[0].requestCount == 4)
    #expect(notes.endpoints.snapshot[0].state == .warmingUp(share: 0.1))
  }

  @Test("What the caller got wrong says nothing about a server, and no server is asked")
  func callersFault() async throws {
    struct Broken: Encodable {
      func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(1, .init(codingPath: [], debugDescription: "broken"))
      }
    }
    let notes = notes(through: threeAttempts())
    for _ in 0..<10 {
      await #expect(throws: EncodingError.self) { try await notes.put("notes", body: Broken()) }
      await #expect(throws: InvalidPath.self) { try await notes.delete("../x") }
    }
    #expect(counts == [0, 0, 0])
    #expect(notes.endpoints.snapshot.allSatisfy { $0.state == .inService && $0.calls == 0 })
  }

  @Test("A server that hangs is found by the timeout around each attempt")
  func hanging() async throws {
    servers[0].inject(.hang)
    var settings = EndpointSettings()
    settings.choice = .roundRobin
    settings.consecutiveFailures = 2
    let notes = HTTPEndpoints(
      "notes",
      [servers[0].url, servers[1].url],
      settings,
      session: .fresh(),
      pipeline: NoPolicy(),
      each: Timeout(.seconds(1), timeline: Timeline(clock)),
      timeline: Timeline(clock)
    )
    for count in 1...2 {
      let task = Task { try await notes.get("notes/1", as: Note.self) }
      await servers[0].requests(atLeast: count)
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(1))
      await #expect(throws: TimedOut.self) { try await task.value }
      _ = try await notes.get("notes/1", as: Note.self)
    }
    #expect(notes.endpoints.snapshot.map(\.failures) == [0, 0])
    for _ in 0..<3 { _ = try await notes.get("notes/1", as: Note.self) }
    #expect(counts == [2, 5, 0])
  }

  @Test(
    "The standard has its timeout of an attempt inside of the choice, and nothing to complain of"
  )
  func standard() {
    let stages = HTTPEndpoints.standard("notes", servers.map(\.url)).stages
    #expect(stages.map(\.kind) == [.timeout, .retry, .breaker, .bulkhead, .other, .timeout])
    #expect(stages[0].timeLimit == .seconds(10) && stages[5].timeLimit == .seconds(3))
    #expect(stages[1].mostCalls == 3 && stages[1].hasBudget)
    #expect(LintFinding.all(in: stages).isEmpty)
  }

  @Test("Servers come and go while calls are made")
  func changing() async throws {
    let notes = notes(through: threeAttempts())
    notes.endpoints.remove(servers[0].url)
    for _ in 0..<4 { _ = try await notes.get("notes/1", as: Note.self) }
    #expect(counts == [0, 2, 2])
    try notes.endpoints.replaceAll(with: [servers[0].url])
    for _ in 0..<4 { _ = try await notes.get("notes/1", as: Note.self) }
    #expect(counts == [4, 2, 2])
    try notes.endpoints.replaceAll(with: [])
    await #expect(throws: NoEndpoint.self) { try await notes.get("notes/1", as: Note.self) }
  }

  @Test("It shows its policies, and the choice inside of them")
  func stages() {
    let stages = notes(through: threeAttempts()).stages
    #expect(stages.map(\.name) == ["retry", "notes", "timeout"])
    #expect(stages[1].description.contains("choice round robin"))
  }
}
