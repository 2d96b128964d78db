import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Stale if error")
struct StaleIfErrorTests {
  private let clock = ManualClock()
  private let session = URLSession.fresh()
  private let server: FaultServer
  private let answers = Answers()

  /// What the server answers with.
  private final class Answers: Sendable {
    private let response = Guarded(ServerResponse.text("first"))
    var next: ServerResponse {
      get { response.withLock { $0 } }
      set { response.withLock { $0 = newValue } }
    }
  }

  init() throws {
    let answers = answers
    server = try FaultServer {
      for method in [ServerRequest.Method.get, .post, .put] {
        Route(method, "/page") { _ in answers.next }
        Route(method, "/other") { _ in answers.next }
      }
      Route(.get, "/note") { _ in try .json(Note(id: 1, text: "kept")) }
    }
  }

  private func kept(
    for time: Duration = .seconds(100),
    observer: (any Observer)? = nil
  ) -> StaleIfError {
    StaleIfError(for: time, timeline: Timeline(clock), observer: observer)
  }

  private func text(
    _ kept: StaleIfError,
    _ path: String = "page",
    through policy: some Policy = NoPolicy(),
    _ change: (inout URLRequest) -> Void = { _ in }
  ) async throws -> KeptResponse<String> {
    var request = server.request(path)
    change(&request)
    return try await session.data(for: request, through: policy, keeping: kept)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "A response is asked for anew each time, and the last good one is used when there is an error"
  )
  func life() async throws {
    let events = EventRecorder()
    let kept = kept(observer: events)
    #expect(try await text(kept).value == "first")
    answers.next = .text("second")
    let second = try await text(kept)
    #expect(second.value == "second" && !second.isStale && second.cause == nil)
    server.inject(.status(503))
    clock.advance(by: .seconds(10))
    let stale = try await text(kept)
    #expect(stale.value == "second" && stale.isStale)
    #expect((stale.cause as? HTTPStatusError)?.status == 503)
    #expect(stale.response.statusCode == 200)
    #expect(stale.response.value(forHTTPHeaderField: "Age") == "10")
    guard case .kept(let age, let staleness, _) = stale.source else {
      Issue.record("not kept")
      return
    }
    #expect(age == .seconds(10) && staleness == .seconds(10))
    #expect(events.events.count == 1)
    clock.advance(by: .seconds(91))
    await #expect(throws: HTTPStatusError.self) { try await text(kept) }
    #expect(server.requestCount == 4)
  }

  @Test("A response that is fresh by its own account is used, and not called stale")
  func fresh() async throws {
    answers.next.headers["Cache-Control"] = "max-age=60, must-revalidate"
    let kept = kept()
    _ = try await text(kept)
    server.inject(.status(500))
    clock.advance(by: .seconds(59))
    let used = try await text(kept)
    #expect(used.value == "first" && !used.isStale && used.cause != nil)
    clock.advance(by: .seconds(1))
    await #expect(throws: HTTPStatusError.self) { try await text(kept) }
  }

  @Test("It is used for a refusal, a timeout and a lost connection")
  func causes() async throws {
    let kept = kept()
    _ = try await text(kept)
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    _ = try? await breaker.run { throw URLError(.timedOut) }
    #expect(try await text(kept, through: breaker).cause is CircuitOpen)
    struct Late: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        throw TimedOut(policy: "x", limit: .zero)
      }
    }
    #expect(try await text(kept, through: Late()).cause is TimedOut)
    let requests = server.requestCount
    server.stop()
    #expect(try await text(kept).cause is URLError)
    #expect(server.requestCount == requests)
  }

  @Test("What counts as an error, and what does not")
  func failures() throws {
    let url = try #require(URL(string: "http://a.test"))
    func isFailure(_ status: Int) -> Bool {
      StaleIfError.isFailure(HTTPStatusError(status: status, url: url))
    }
    #expect([500, 502, 503, 504, 429, 408, 507].allSatisfy(isFailure))
    #expect(![400, 401, 403, 404, 410, 304, 501].contains(where: isFailure))
    #expect(!StaleIfError.isFailure(CancellationError()))
    #expect(StaleIfError.isFailure(URLError(.timedOut)))
    #expect(StaleIfError.isFailure(URLError(.notConnectedToInternet)))
    #expect(
      !StaleIfError.isFailure(URLError(.badURL)) && !StaleIfError.isFailure(URLError(.cancelled))
    )
    #expect(!StaleIfError.isFailure(ResponseTooLarge(limit: 1, url: url)))
    #expect(StaleIfError.isFailure(RateLimited(policy: "x", reason: .noPermit, retryAfter: nil)))
  }

  @Test("A caller who has gone gets its cancellation")
  func cancelled() async throws {
    let kept = kept()
    _ = try await text(kept)
    server.inject(.hang)
    let task = Task { try await text(kept).value }
    await server.requests(atLeast: 2)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(
    "An answer is an answer: 404 comes out, and what was kept is gone",
    arguments: [404, 401, 410]
  )
  func answered(status: Int) async throws {
    let kept = kept()
    _ = try await text(kept)
    answers.next = .text("gone", status: status)
    #expect(try await text(kept).response.statusCode == status)
    server.inject(.status(503))
    await #expect(throws: HTTPStatusError.self) { try await text(kept) }
    #expect(kept.count == 0)
  }

  @Test("An answer that may not be kept takes the place of what was; a confirmation does not")
  func replaced() async throws {
    let kept = kept()
    _ = try await text(kept)
    answers.next = .status(304)
    _ = try await text(kept)
    #expect(kept.count == 1)
    answers.next = .text("secret")
    answers.next.headers["Cache-Control"] = "no-store"
    _ = try await text(kept)
    #expect(kept.count == 0 && kept.bytes == 0)
  }

  @Test(
    "A POST is neither kept nor answered, and one that goes well forgets what it may have changed"
  )
  func posts() async throws {
    let kept = kept()
    _ = try await text(kept)
    _ = try await text(kept, "other")
    #expect(kept.count == 2)
    server.inject(.status(503), .next(1))
    await #expect(throws: HTTPStatusError.self) { try await text(kept) { $0.httpMethod = "POST" } }
    #expect(kept.count == 2)
    #expect(try await text(kept) { $0.httpMethod = "POST" }.value == "first")
    #expect(kept.addresses == ["http://127.0.0.1:\(server.port)/other"])
  }

  @Test("A response for one who asks is not for another")
  func identity() async throws {
    let kept = kept()
    _ = try await text(kept) { $0.setValue("alice", forHTTPHeaderField: "Authorization") }
    server.inject(.status(503))
    for other in ["bob", nil] {
      await #expect(throws: HTTPStatusError.self) {
        try await text(kept) { $0.setValue(other, forHTTPHeaderField: "Authorization") }
      }
    }
    let own = try await text(kept) { $0.setValue("alice", forHTTPHeaderField: "Authorization") }
    #expect(own.value == "first")
    kept.removeAll()
    #expect(kept.count == 0)
  }

  @Test("A service decodes what is kept as what is new")
  func service() async throws {
    let kept = kept()
    func service(_ headers: HTTPHeaders = [:]) -> HTTPService<NoPolicy> {
      HTTPService(baseURL: server.url, session: session, pipeline: NoPolicy(), headers: headers)
    }
    let new = try await service().get("note", as: Note.self, keeping: kept)
    #expect(new.value == Note(id: 1, text: "kept") && new.cause == nil)
    #expect(server.exchanges[0].headers["Accept"] == "application/json")
    server.inject(.status(502))
    let old = try await service().get("note", as: Note.self, keeping: kept)
    #expect(old.value == new.value && old.isStale)
    // Another user's service with the same store.
    await #expect(throws: HTTPStatusError.self) {
      try await service(["Authorization": "x"]).get("note", as: Note.self, keeping: kept)
    }
    await #expect(throws: HTTPStatusError.self) {
      try await service().get("missing", as: Note.self, keeping: kept)
    }
  }

  @Test("A service's 404 forgets what was kept, too")
  func serviceNotFound() async throws {
    let kept = kept()
    let service = HTTPService(baseURL: server.url, session: session, pipeline: NoPolicy())
    _ = try await service.get("note", as: Note.self, keeping: kept)
    server.inject(.status(404), .next(1))
    await #expect(throws: HTTPStatusError.self) {
      try await service.get("note", as: Note.self, keeping: kept)
    }
    #expect(kept.count == 0)
  }

  @Test("Many tasks at once find and keep within the bounds")
  func race() async throws {
    let kept = StaleIfError(for: .seconds(10), maxEntries: 3, maxBytes: 10_000)
    let url = try #require(URL(string: "http://a.test"))
    let (session, response) = (
      session,
      try #require(HTTPURLResponse(url: url, statusCode: 200, httpVersion: nil, headerFields: [:]))
    )
    await withDiscardingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<100 {
            let request = URLRequest(url: url.appending(path: "\((task * 7 + step) % 10)"))
            let fails = step % 3 == 0
            _ = try? await kept.answer(request, by: session) {
              await Task.yield()
              if fails { throw URLError(.timedOut) }
              return (Data(count: 100), response)
            }
            #expect(kept.count <= 3 && kept.bytes <= 10_000)
          }
        }
      }
    }
    #expect(kept.count == 3)
  }

  @Test("Settings that make no sense stop the program")
  func settings() async {
    await #expect(processExitsWith: .failure) { _ = StaleIfError(for: .seconds(-1)) }
    await #expect(processExitsWith: .failure) {
      _ = StaleIfError(for: .zero, maxStale: .seconds(-1))
    }
    await #expect(processExitsWith: .failure) { _ = StaleIfError(for: .zero, maxEntries: 0) }
    await #expect(processExitsWith: .failure) { _ = StaleIfError(for: .zero, maxBytes: 0) }
  }
}
