import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Criticality on the wire")
struct CriticalityOnTheWireTests {
  private let server: FaultServer
  private let session = URLSession.fresh()

  init() throws {
    server = try .sample()
  }

  private var service: HTTPService<AnyPolicy> {
    HTTPService(baseURL: server.url, session: session, pipeline: AnyPolicy(threeAttempts()))
  }

  /// What the server has read, one element per request, oldest first.
  private var seen: [String?] {
    server.exchanges.map { $0.headers[Criticality.headerField] }
  }

  @Test("The server sees what is stated, by way of a session and of a service")
  func stated() async throws {
    for criticality in Criticality.allCases {
      try await withCriticality(criticality) {
        _ = try await session.data(for: server.request("notes/1"), through: NoPolicy())
        _ = try await service.get("notes/1", as: Note.self)
        try await service.post("notes", body: Note(id: 1, text: "x"))
      }
    }
    let expected = Criticality.allCases.flatMap { [$0, $0, $0].map(\.description) }
    #expect(seen == expected)
  }

  @Test("The server sees nothing when nothing is stated, whatever the priority")
  func unstated() async throws {
    _ = try await session.data(for: server.request("notes/1"), through: NoPolicy())
    let task = Task(priority: .background) { [service] in
      _ = try await service.get("notes/1", as: Note.self)
    }
    try await task.value
    #expect(seen == [nil, nil])
  }

  @Test("Every attempt carries it")
  func retries() async throws {
    server.inject(.status(503), .next(2))
    try await withCriticality(.sheddable) {
      _ = try await service.get("notes/1", as: Note.self)
    }
    #expect(seen == ["sheddable", "sheddable", "sheddable"])
  }

  @Test("Calls of child tasks carry it, and so do those that policies make in tasks of their own")
  func childTasks() async throws {
    let abandoning = AbandoningTimeout(.seconds(60))
    let hedge = Hedge(after: .fixed(.seconds(60)))
    let (session, server) = (session, server)
    try await withCriticality(.criticalPlus) {
      async let child = session.data(for: server.request("notes/1"), through: NoPolicy())
      _ = try await child
      try await withThrowingTaskGroup { group in
        group.addTask { _ = try await service.get("notes/2", as: Note.self) }
        try await group.waitForAll()
      }
      _ = try await abandoning.run { try await service.get("notes/3", as: Note.self) }
      _ = try await hedge.run { _ in try await service.get("notes/4", as: Note.self) }
    }
    #expect(seen == Array(repeating: "critical-plus", count: 4))
  }

  @Test("A field of the caller's own is kept, even one that says nothing")
  func callersOwn() async throws {
    try await withCriticality(.sheddable) {
      var request = server.request("notes/1")
      request.criticality = .critical
      _ = try await session.data(for: request, through: threeAttempts())
      request.setValue("42", forHTTPHeaderField: "x-request-criticality")
      _ = try await session.data(for: request, through: threeAttempts())
      _ = try await service.send("GET", "notes/1", headers: ["X-Request-Criticality": "critical"])
    }
    #expect(seen == ["critical", "42", "critical"])
  }

  @Test("A server passes on what it was told: two hops, the second server sees it")
  func twoHops() async throws {
    let (inner, session) = (server, session)
    let outer = try FaultServer {
      Route(.get, "/page") { request in
        let criticality = Criticality(headerField: request.headers[Criticality.headerField])
        @Sendable func answer() async throws -> ServerResponse {
          let (data, _) = try await session.data(for: inner.request("notes/1"), through: NoPolicy())
          return ServerResponse(body: data)
        }
        guard let criticality else { return try await answer() }
        return try await withCriticality(criticality) { try await answer() }
      }
    }
    for criticality in [Criticality.sheddable, .criticalPlus] {
      try await withCriticality(criticality) {
        _ = try await session.data(for: outer.request("page"), through: NoPolicy())
      }
    }
    _ = try await session.data(for: outer.request("page"), through: NoPolicy())
    #expect(outer.exchanges.map { $0.headers["x-request-criticality"] } == seen)
    #expect(seen == ["sheddable", "critical-plus", nil])
  }
}
