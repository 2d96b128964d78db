import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A way to speak to a peer.
struct PeerWay: CustomTestStringConvertible, Sendable {
  let wire: RPCProtocol
  let format: RPCFormat

  var testDescription: String { "\(wire) with \(format)" }

  func client<P: Policy>(
    _ policy: P,
    config: ServiceConfig? = nil,
    usesGET: Bool = false,
    timeline: Timeline = .system
  ) throws -> RPCClient<P> {
    RPCClient(
      baseURL: try #require(Peer.current).url,
      speaking: wire,
      format: format,
      session: URLSession(configuration: .ephemeral),
      pipeline: policy,
      serviceConfig: config,
      usesGET: usesGET,
      timeline: timeline
    )
  }

  /// A key of this way, by which the peer keeps calls apart.
  func key(_ name: String) -> RPCMetadata { ["x-key": "\(name) \(testDescription)"] }
}

/// What a peer says it has seen.
struct PeerLog: Decodable {
  let calls: [String: Int]
  let events: [String]

  static func read(_ way: PeerWay) async throws -> PeerLog {
    let name = try await way.client(NoPolicy()).call(.getUser, GetPersonRequest(id: 500)).message
      .name
    return try JSONDecoder().decode(PeerLog.self, from: Data(name.utf8))
  }

  /// Waits until the peer has seen something.
  static func wait(for event: String, _ way: PeerWay) async throws -> Bool {
    // Far longer than it takes, so that only what never comes is missed.
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while ContinuousClock.now < end {
      if try await read(way).events.contains(event) { return true }
      await Task.yield()
    }
    return false
  }
}

/// What holds for every peer and every way to speak to it.
struct PeerChecks {
  let way: PeerWay

  func unary() async throws {
    let reply = try await way.client(NoPolicy()).call(
      .getUser,
      GetPersonRequest(id: 7),
      metadata: ["x-tenant": "t1"]
    )
    #expect(reply.message == Person(id: 7, name: "user 7"))
    #expect(reply.headers["x-seen"] == "t1")
    #expect(reply.trailers["x-cost"] == "7")
    let made = try await way.client(NoPolicy()).call(.createUser, Person(id: 0, name: "é"))
    #expect(made.message == Person(id: 0, name: "é"))
  }

  func errors() async throws {
    let client = try way.client(NoPolicy())
    let error = try await #require(throws: RPCStatus.self) {
      try await client.call(.getUser, GetPersonRequest(id: 100))
    }
    #expect(error.code == .notFound)
    #expect(error.message == "no user 100: ä %")
    #expect(error.details == [RPCDetail(type: "acme.v1.User", bytes: Data([0x08, 0x07]))])
    for code in RPCCode.allCases {
      let request = GetPersonRequest(id: 200 + Int64(code.rawValue))
      let error = await #expect(throws: RPCStatus.self) { try await client.call(.getUser, request) }
      #expect(error?.code == code)
      #expect(error?.message == "code \(code.rawValue)")
    }
  }

  func retries() async throws {
    let client = try way.client(Retry(attempts: 4, backoff: .none))
    let retried = way.key("retried")
    _ = try await client.call(.getUser, GetPersonRequest(id: 402), metadata: retried)
    let unmarked = way.key("unmarked")
    await #expect(throws: RPCStatus.self) {
      try await client.call(.getUserUnmarked, GetPersonRequest(id: 402), metadata: unmarked)
    }
    let exhausted = way.key("exhausted")
    await #expect(throws: RPCStatus.self) {
      try await client.call(.getUser, GetPersonRequest(id: 409), metadata: exhausted)
    }
    let pushed = way.key("pushed")
    let start = ContinuousClock.now
    _ = try await client.call(.getUser, GetPersonRequest(id: 600), metadata: pushed)
    #expect(start.duration(to: .now) >= .milliseconds(20))
    let calls = try await PeerLog.read(way).calls
    let counts = [retried, unmarked, exhausted, pushed].map { calls[$0["x-key"] ?? ""] }
    #expect(counts == [3, 1, 4, 2])
  }

  func deadline() async throws {
    let key = way.key("deadline")
    // For the client no time passes: that the call ends is the server's doing.
    let stopped = Timeline(ManualClock())
    let client = try way.client(NoPolicy(), timeline: stopped)
    let error = try await #require(throws: RPCStatus.self) {
      try await withCallDeadline(in: .milliseconds(100), on: stopped) {
        try await client.call(.getUser, GetPersonRequest(id: 300), metadata: key)
      }
    }
    #expect(error.code == .deadlineExceeded)
    guard case .server = error.origin else {
      Issue.record("not the server said so: \(error)")
      return
    }
    #expect(try await PeerLog.wait(for: "ended \(key["x-key"] ?? "")", way))
  }

  func ownDeadline() async throws {
    let key = way.key("own deadline")
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let client = try way.client(NoPolicy(), timeline: timeline)
    // The server has an hour, by its clock; for the client it passes at once.
    async let call = outcome {
      try await withCallDeadline(in: .seconds(3_600), on: timeline) {
        try await client.call(.getUser, GetPersonRequest(id: 300), metadata: key).message
      }
    }
    while try await PeerLog.read(way).calls[key["x-key"] ?? ""] == nil { await Task.yield() }
    clock.advance(by: .seconds(3_600))
    let result = await call
    let error = try #require(throws: RPCStatus.self) { try result.get() }
    #expect(error.code == .deadlineExceeded)
    guard case .transport(let cause) = error.origin, cause is TimedOut else {
      Issue.record("not the client said so: \(error)")
      return
    }
    #expect(try await PeerLog.wait(for: "ended \(key["x-key"] ?? "")", way))
  }

  func cancellation() async throws {
    let key = way.key("cancelled")
    let client = try way.client(NoPolicy())
    let call = Task { try await client.call(.getUser, GetPersonRequest(id: 300), metadata: key) }
    while try await PeerLog.read(way).calls[key["x-key"] ?? ""] == nil { await Task.yield() }
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(try await PeerLog.wait(for: "ended \(key["x-key"] ?? "")", way))
  }

  func streams() async throws {
    let client = try way.client(Retry(attempts: 3, backoff: .none))
    try await client.stream(.watchUsers, WatchRequest(count: 200)) { users in
      var ids: [Int64] = []
      for try await user in users { ids.append(user.id) }
      #expect(ids == Array(1...200))
      #expect(users.trailers?["x-cost"] == "200")
    }
    var seen = 0
    let error = try await #require(throws: RPCStatus.self) {
      try await client.stream(.watchUsers, WatchRequest(count: 9, failAfter: 2)) { users in
        for try await _ in users { seen += 1 }
      }
    }
    #expect(error.code == .dataLoss)
    #expect(seen == 2)
    let key = way.key("stream")
    let first = try await client.stream(
      .watchUsers,
      WatchRequest(count: 1, failAfter: -2),
      metadata: key
    ) { users in
      try await users.first { _ in true }
    }
    #expect(first?.id == 1)
    #expect(try await PeerLog.read(way).calls[key["x-key"] ?? ""] == 3)
  }

  func streamLeft() async throws {
    let key = way.key("left")
    let ids = try await way.client(NoPolicy()).stream(
      .watchUsers,
      WatchRequest(count: -1),
      metadata: key
    ) { users in
      try await users.prefix(3).reduce(into: [Int64]()) { $0.append($1.id) }
    }
    #expect(ids == [1, 2, 3])
    #expect(try await PeerLog.wait(for: "ended \(key["x-key"] ?? "")", way))
  }

  func hedges() async throws {
    let json = #"""
      {"methodConfig":[{"name":[{}],"hedgingPolicy":{"maxAttempts":3,"hedgingDelay":"600s",
      "nonFatalStatusCodes":["UNAVAILABLE"]}}]}
      """#
    let key = way.key("hedged")
    let config = try ServiceConfig(json: Data(json.utf8))
    let client = try way.client(NoPolicy(), config: config)
    _ = try await client.call(.getUser, GetPersonRequest(id: 402), metadata: key)
    #expect(try await PeerLog.read(way).calls[key["x-key"] ?? ""] == 3)
  }
}

@Suite(
  "Peer: a Connect server of connectrpc",
  .peer("connect_server.py"),
  .timeLimit(.minutes(2)),
  .enabled(if: Peer.isWanted, Peer.advice)
)
struct ConnectPeerTests {
  private static let ways = [RPCProtocol.connect, .grpcWeb].flatMap { wire in
    [RPCFormat.json, .proto].map { PeerWay(wire: wire, format: $0) }
  }

  @Test("A message goes there and another comes back", arguments: ways)
  func unary(way: PeerWay) async throws { try await PeerChecks(way: way).unary() }

  @Test("Every code comes out, with message and details", arguments: ways)
  func errors(way: PeerWay) async throws { try await PeerChecks(way: way).errors() }

  @Test("The server counts as many calls as there are attempts", arguments: ways)
  func retries(way: PeerWay) async throws { try await PeerChecks(way: way).retries() }

  @Test("A deadline expires on the server's side", arguments: ways)
  func deadline(way: PeerWay) async throws { try await PeerChecks(way: way).deadline() }

  @Test("A deadline expires on the client's side, and the server sees it leave", arguments: ways)
  func ownDeadline(way: PeerWay) async throws { try await PeerChecks(way: way).ownDeadline() }

  @Test("A cancellation is seen by the server", arguments: ways)
  func cancellation(way: PeerWay) async throws { try await PeerChecks(way: way).cancellation() }

  @Test("Streams are read, fail, and are retried before their first message", arguments: ways)
  func streams(way: PeerWay) async throws { try await PeerChecks(way: way).streams() }

  @Test("The server sees that a stream is left", arguments: ways)
  func streamLeft(way: PeerWay) async throws { try await PeerChecks(way: way).streamLeft() }

  @Test("The server counts hedges", arguments: ways)
  func hedges(way: PeerWay) async throws { try await PeerChecks(way: way).hedges() }

  @Test(
    "A method without side effects is asked for with GET by a client that does so",
    arguments: ways
  )
  func get(way: PeerWay) async throws {
    for usesGET in [false, true] {
      let key = way.key("get \(usesGET)")
      let client = try way.client(NoPolicy(), usesGET: usesGET)
      let reply = try await client.call(.getUser, GetPersonRequest(id: 7), metadata: key)
      #expect(reply.message == Person(id: 7, name: "user 7"))
      let verb = usesGET && way.wire == .connect ? "GET" : "POST"
      let events = try await PeerLog.read(way).events
      #expect(events.contains("method \(verb) \(key["x-key"] ?? "")"))
    }
  }

  @Test("A response that HTTP compresses is read")
  func compressed() async throws {
    let client = try PeerWay(wire: .connect, format: .json).client(NoPolicy())
    let name = String(repeating: "compress me ", count: 2_000)
    let reply = try await client.call(.createUser, Person(id: 1, name: name))
    #expect(reply.message.name == name)
    #expect(reply.headers["content-encoding"] == "gzip")
  }
}

@Suite(
  "Peer: a gRPC server of grpcio behind Envoy",
  .peer("grpc_server.py"),
  .timeLimit(.minutes(2)),
  .enabled(if: Peer.isWanted, Peer.advice)
)
struct GRPCPeerTests {
  private let way = PeerWay(wire: .grpcWeb, format: .proto)

  @Test("A message goes there and another comes back")
  func unary() async throws { try await PeerChecks(way: way).unary() }

  @Test("Every code comes out, with message and details")
  func errors() async throws { try await PeerChecks(way: way).errors() }

  @Test("The server counts as many calls as there are attempts, and is told of those before")
  func retries() async throws {
    try await PeerChecks(way: way).retries()
    let key = way.key("retried")["x-key"] ?? ""
    let events = try await PeerLog.read(way).events.filter { $0.hasPrefix("attempt \(key)") }
    #expect(events == ["0", "1", "2"].map { "attempt \(key) \($0)" })
  }

  @Test("A deadline expires on the server's side")
  func deadline() async throws {
    try await PeerChecks(way: way).deadline()
    let key = way.key("deadline")["x-key"] ?? ""
    #expect(try await PeerLog.read(way).events.contains("deadline \(key)"))
  }

  @Test("A deadline expires on the client's side, and the server sees it leave")
  func ownDeadline() async throws { try await PeerChecks(way: way).ownDeadline() }

  @Test("A cancellation is seen by the server")
  func cancellation() async throws { try await PeerChecks(way: way).cancellation() }

  @Test("Streams are read, fail, and are retried before their first message")
  func streams() async throws { try await PeerChecks(way: way).streams() }

  @Test("The server sees that a stream is left")
  func streamLeft() async throws { try await PeerChecks(way: way).streamLeft() }

  @Test("The server counts hedges")
  func hedges() async throws { try await PeerChecks(way: way).hedges() }
}
