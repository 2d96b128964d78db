import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Requests through policies")
struct URLSessionPolicyTests {
  private let server: FaultServer
  private let session = URLSession.fresh()

  init() throws {
    server = try .sample()
  }

  private func urlError(
    _ request: URLRequest,
    through policy: some Policy = NoPolicy()
  ) async throws -> URLError {
    try await #require(throws: URLError.self) {
      try await session.data(for: request, through: policy)
    }
  }

  @Test("A response comes out with its body")
  func success() async throws {
    let (data, response) = try await session.data(
      for: server.request("notes/1"),
      through: NoPolicy()
    )
    #expect(response.statusCode == 200)
    #expect(try JSONDecoder().decode(Note.self, from: data) == Note(id: 1, text: "note 1"))
  }

  @Test("A 404 is a response, a success for the breaker, and not repeated")
  func notFound() async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let policy = Pipeline("x") {
      threeAttempts()
      breaker
    }
    let (data, response) = try await session.data(
      for: server.request("notes/404"),
      through: policy
    )
    #expect(response.statusCode == 404)
    #expect(data == Data("no such note".utf8))
    #expect(breaker.state == .closed)
    #expect(server.requestCount == 1)
  }

  @Test("A 503 is an error with its parts, after all attempts")
  func unavailable() async throws {
    let body = Data(String(repeating: "x", count: 2_000).utf8)
    server.inject(.status(503, headers: ["Retry-After": "0"], body: body))
    let error = try await #require(throws: HTTPStatusError.self) {
      try await session.data(for: server.request("notes/1"), through: threeAttempts())
    }
    #expect(error.status == 503)
    #expect(error.headers["retry-after"] == "0")
    #expect(error.bodyExcerpt == String(repeating: "x", count: 1_024))
    #expect(error.retryAdvice == .allowedAfter(.zero))
    #expect(error.url == server.url.appendingPathComponent("notes/1"))
    #expect(error.method == "GET")
    #expect(server.requestCount == 3)
  }

  @Test("A failure that passes is retried away")
  func recovery() async throws {
    server.inject(.status(503), .next(2))
    let (_, response) = try await session.data(
      for: server.request("notes/1"),
      through: threeAttempts()
    )
    #expect(response.statusCode == 200)
    #expect(server.requestCount == 3)
  }

  @Test("Retry-After is waited for")
  func retryAfter() async throws {
    let clock = ManualClock()
    server.inject(.status(429, headers: ["Retry-After": "30"]), .next(1))
    let retry = Retry(attempts: 2, backoff: .none, timeline: Timeline(clock))
    let request = server.request("notes/1")
    async let reply = session.data(for: request, through: retry)
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(29))
    #expect(clock.sleepers == 1)
    #expect(server.requestCount == 1)
    clock.advance(by: .seconds(1))
    #expect(try await reply.1.statusCode == 200)
  }

  @Test("A Retry-After beyond the bound ends the attempts")
  func longRetryAfter() async throws {
    server.inject(.status(503, headers: ["Retry-After": "61"]))
    await #expect(throws: HTTPStatusError.self) {
      try await session.data(
        for: server.request("notes/1"),
        through: threeAttempts(),
        maxRetryAfter: .seconds(60)
      )
    }
    #expect(server.requestCount == 1)
  }

  @Test("POST and PATCH are not repeated on 503", arguments: ["POST", "PATCH"])
  func notRepeated(method: String) async throws {
    server.inject(.status(503))
    await #expect(throws: HTTPStatusError.self) {
      try await session.data(
        for: server.request("notes", method, body: "{}"),
        through: threeAttempts()
      )
    }
    #expect(server.requestCount == 1)
  }

  @Test("PUT and DELETE are repeated on 503", arguments: ["PUT", "DELETE"])
  func repeated(method: String) async throws {
    server.inject(.status(503))
    await #expect(throws: HTTPStatusError.self) {
      try await session.data(
        for: server.request("notes/1", method),
        through: threeAttempts()
      )
    }
    #expect(server.requestCount == 3)
  }

  @Test("POST is repeated on 503 with an idempotency key, and when the caller says so")
  func optedIn() async throws {
    server.inject(.status(503))
    var keyed = server.request("notes", "POST", body: "{}")
    keyed.setValue("7", forHTTPHeaderField: "idempotency-key")
    _ = try? await session.data(for: keyed, through: threeAttempts())
    #expect(server.requestCount == 3)
    _ = try? await session.data(
      for: server.request("notes", "POST", body: "{}"),
      through: threeAttempts(),
      isRepeatable: true
    )
    #expect(server.requestCount == 6)
    _ = try? await session.data(
      for: server.request("notes/1"),
      through: threeAttempts(),
      isRepeatable: false
    )
    #expect(server.requestCount == 7)
  }

  @Test("POST is repeated when the connection is refused, and on 425")
  func refused() async throws {
    let refusal = server.inject(.refuse)
    let retry = Retry(attempts: 3, backoff: .none) { pause in
      #expect((pause.error as? URLError)?.code == .cannotConnectToHost)
      if pause.attempt == 2 { refusal.heal() }
    }
    let request = server.request("notes", "POST", body: #"{"id":1,"text":""}"#)
    #expect(try await session.data(for: request, through: retry).1.statusCode == 201)

    server.inject(.status(425), .next(2))
    #expect(try await session.data(for: request, through: threeAttempts()).1.statusCode == 201)
    #expect(server.requestCount == 4)

    server.inject(.status(425, headers: ["Retry-After": "0"]), .next(2))
    #expect(try await session.data(for: request, through: threeAttempts()).1.statusCode == 201)
    #expect(server.requestCount == 7)
  }

  @Test("The breaker opens after its failures, and the server sees no more requests")
  func breaker() async throws {
    server.inject(.status(503))
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(4))
    for _ in 1...4 {
      await #expect(throws: HTTPStatusError.self) {
        try await session.data(for: server.request("notes/1"), through: breaker)
      }
    }
    await #expect(throws: CircuitOpen.self) {
      try await session.data(for: server.request("notes/1"), through: breaker)
    }
    #expect(server.requestCount == 4)
  }

  @Test("A body as long as the bound passes", arguments: [0, 1, 100_000])
  func fits(count: Int) async throws {
    let (data, _) = try await session.data(
      for: server.request("bytes/\(count)"),
      through: NoPolicy(),
      maxResponseBytes: count
    )
    #expect(data.count == count)
  }

  @Test("A body of known length beyond the bound is refused, not retried, and no failure")
  func tooLarge() async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let policy = Pipeline("x") {
      threeAttempts()
      breaker
    }
    let error = try await #require(throws: ResponseTooLarge.self) {
      try await session.data(
        for: server.request("bytes/1001"),
        through: policy,
        maxResponseBytes: 1_000
      )
    }
    #expect(error.limit == 1_000)
    #expect(breaker.state == .closed)
    #expect(server.requestCount == 1)
  }

  @Test("A body of unknown length beyond the bound is refused while it arrives")
  func tooLargeUnannounced() async throws {
    var bytes = Data("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
    bytes.append(Data(count: 300_000))
    server.inject(.garbage(bytes))
    await #expect(throws: ResponseTooLarge.self) {
      try await session.data(
        for: server.request("notes/1"),
        through: NoPolicy(),
        maxResponseBytes: 10_000
      )
    }
    let (data, _) = try await session.data(
      for: server.request("notes/1"),
      through: NoPolicy(),
      maxResponseBytes: 300_000
    )
    #expect(data.count == 300_000)
  }

  @Test("A body that breaks off is a failure, whatever has arrived")
  func truncated() async throws {
    server.inject(.truncatedBody)
    let error = try await urlError(server.request("bytes/10000"))
    #expect(error.verdict == .failure)
    #expect(error.retryAdvice == .allowed)
  }

  @Test("A reset is a failure that may be retried", arguments: ServerFault.ResetPoint.allCases)
  func reset(point: ServerFault.ResetPoint) async throws {
    server.inject(.reset(point))
    let error = try await urlError(server.request("bytes/10000"))
    #expect(error.verdict == .failure)
    #expect(error.retryAdvice == .allowed)
  }

  @Test(
    "A POST whose connection is reset is not repeated",
    arguments: ServerFault.ResetPoint.allCases
  )
  func resetPost(point: ServerFault.ResetPoint) async throws {
    server.inject(.reset(point))
    _ = try await urlError(server.request("notes", "POST", body: "{}"), through: threeAttempts())
    #expect(server.requestCount == 1)
  }

  @Test("Bytes that are no HTTP are a failure of the service")
  func garbage() async throws {
    server.inject(.garbage())
    let error = try await urlError(server.request("notes/1"))
    #expect(error.code == .badServerResponse)
    #expect(error.verdict == .failure)
  }

  @Test("A service that hangs is given up by the timeout, and may be retried")
  func hang() async throws {
    let clock = ManualClock()
    server.inject(.hang, .next(1))
    let policy = Pipeline("x") {
      threeAttempts()
      Timeout(.seconds(5), timeline: Timeline(clock))
    }
    let request = server.request("notes/1")
    async let reply = session.data(for: request, through: policy)
    await server.requests(atLeast: 1)
    clock.advance(by: .seconds(5))
    #expect(try await reply.1.statusCode == 200)
  }

  @Test("A redirect is followed")
  func redirect() async throws {
    let (data, response) = try await session.data(
      for: server.request("moved"),
      through: NoPolicy()
    )
    #expect(response.statusCode == 200)
    #expect(try JSONDecoder().decode(Note.self, from: data).id == 7)
  }

  @Test("An address that is no HTTP is the caller's mistake", arguments: ["ftp://h/", "file:///x"])
  func unsupported(address: String) async throws {
    let error = try await urlError(URLRequest(url: try #require(URL(string: address))))
    #expect(error.code == .unsupportedURL)
    #expect(error.verdict == .ignored)
  }

  @Test("A body that is a stream is sent once")
  func stream() async throws {
    server.inject(.status(503))
    var request = server.request("notes", "PUT")
    request.httpBodyStream = InputStream(data: Data("{}".utf8))
    let error = try await #require(throws: HTTPStatusError.self) {
      try await session.data(for: request, through: threeAttempts())
    }
    #expect(error.status == 503)
    #expect(server.requestCount == 1)
  }
}
