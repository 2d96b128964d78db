import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Service")
struct HTTPServiceTests {
  private let server: FaultServer
  private let notes: HTTPService<AnyPolicy>

  init() throws {
    server = try .sample()
    notes = Self.service(of: server, through: NoPolicy())
  }

  private static func service(
    of server: FaultServer,
    through policy: some Policy,
    headers: HTTPHeaders = [:],
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes
  ) -> HTTPService<AnyPolicy> {
    HTTPService(
      baseURL: server.url,
      session: .fresh(),
      pipeline: AnyPolicy(policy),
      headers: headers,
      maxResponseBytes: maxResponseBytes
    )
  }

  @Test("Each method does its work")
  func methods() async throws {
    let note = Note(id: 9, text: "new")
    #expect(try await notes.get("notes/\(1)", as: Note.self) == Note(id: 1, text: "note 1"))
    #expect(try await notes.post("notes", body: note, as: Note.self) == note)
    #expect(try await notes.put("notes", body: note, as: Note.self) == note)
    #expect(try await notes.patch("notes", body: note, as: Note.self) == note)
    try await notes.post("notes", body: note)
    try await notes.put("notes", body: note)
    try await notes.patch("notes", body: note)
    try await notes.delete("notes/1")
    #expect(
      server.exchanges.map(\.method) == [.get, .post, .put, .patch, .post, .put, .patch, .delete]
    )
    #expect(server.exchanges[1].headers["Content-Type"] == "application/json")
  }

  @Test("Headers of the service, of the call and of JSON are sent, the call's winning")
  func headers() async throws {
    let service = Self.service(
      of: server,
      through: NoPolicy(),
      headers: ["X-Token": "t", "X-Two": "1"]
    )
    let query = [URLQueryItem(name: "a", value: "b c+d")]
    let (data, _) = try await service.send("GET", "echo", query: query, headers: ["x-two": "2"])
    #expect(String(decoding: data, as: UTF8.self) == "t|*/*|2|a=b c+d")
    _ = try await service.get("notes/1", as: Note.self)
    #expect(server.exchanges.last?.headers["Accept"] == "application/json")
  }

  @Test(
    "Every status but 2xx is an error; a 404 is a success for the breaker",
    arguments: [404, 304, 503]
  )
  func statuses(status: Int) async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    server.inject(.status(status, body: Data("why".utf8)))
    let error = try await #require(throws: HTTPStatusError.self) {
      try await Self.service(of: server, through: breaker).get("notes/1", as: Note.self)
    }
    #expect(error.status == status)
    #expect(error.bodyExcerpt == (status == 304 ? "" : "why"))
    #expect(breaker.state == (status == 503 ? .open : .closed))
  }

  @Test("GET is repeated on 503, POST only with a key")
  func repeating() async throws {
    server.inject(.status(503))
    let service = Self.service(of: server, through: threeAttempts())
    let note = Note(id: 1, text: "")
    await #expect(throws: HTTPStatusError.self) { try await service.get("notes/1", as: Note.self) }
    #expect(server.requestCount == 3)
    await #expect(throws: HTTPStatusError.self) { try await service.post("notes", body: note) }
    #expect(server.requestCount == 4)
    await #expect(throws: HTTPStatusError.self) {
      try await service.post("notes", body: note, headers: ["Idempotency-Key": "1"])
    }
    #expect(server.requestCount == 7)
    await #expect(throws: HTTPStatusError.self) {
      try await service.patch("notes", body: note, isRepeatable: true)
    }
    #expect(server.requestCount == 10)
  }

  @Test("A body of another shape is an error that no breaker counts, and is not retried")
  func decoding() async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let policy = Pipeline("x") {
      threeAttempts()
      breaker
    }
    let error = try await #require(throws: HTTPDecodingError.self) {
      try await Self.service(of: server, through: policy).get("notes/1", as: [Note].self)
    }
    #expect(error.status == 200)
    #expect(error.expected == "Array<Note>")
    #expect(error.underlying is DecodingError)
    #expect(error.bodyExcerpt.contains("note 1"))
    #expect(!error.description.contains("note 1"))
    #expect(breaker.snapshot.consecutiveFailures == 0)
    #expect(server.requestCount == 1)
  }

  @Test("A page instead of JSON is an error that no breaker counts")
  func contentType() async throws {
    let error = try await #require(throws: UnexpectedContentType.self) {
      try await notes.get("page", as: Note.self)
    }
    #expect(error.contentType == "text/html")
    #expect(error.bodyExcerpt == "<p>log in</p>")
    #expect(error.verdict == .ignored)
  }

  @Test("A path that could leave its place is refused before anything is sent")
  func path() async throws {
    await #expect(throws: InvalidPath.self) { try await notes.delete("notes/\("")") }
    await #expect(throws: InvalidPath.self) { try await notes.get("../x", as: Note.self) }
    #expect(server.requestCount == 0)
  }

  @Test("A response beyond the bound is refused")
  func bound() async throws {
    let service = Self.service(of: server, through: NoPolicy(), maxResponseBytes: 5)
    await #expect(throws: ResponseTooLarge.self) { try await service.get("notes/1", as: Note.self) }
  }
}
