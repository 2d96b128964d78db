import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension HTTPPeerTests {
  @Suite("Statuses of httpbin")
  struct Statuses {
    /// What the table of `HTTPStatusError` makes of three attempts behind a breaker.
    struct Row: CustomTestStringConvertible {
      let statuses: [Int]
      let requests: Int
      let isFailure: Bool

      var testDescription: String { "\(statuses)" }
    }

    private static let repeated = [408, 425, 429, 500, 502, 503, 504, 520, 599]

    private static let rows = [
      Row(statuses: [200, 201, 204, 206, 226, 304], requests: 1, isFailure: false),
      Row(statuses: [400, 402, 403, 404, 405, 406], requests: 1, isFailure: false),
      Row(statuses: [409, 410, 412, 418, 422, 451], requests: 1, isFailure: false),
      Row(statuses: [501, 505, 510], requests: 1, isFailure: false),
      Row(statuses: repeated, requests: 3, isFailure: true),
      Row(statuses: [506, 507, 508, 511], requests: 1, isFailure: true),
    ]

    private let session = URLSession.fresh()

    /// The result of a call, the number of requests in the server's log, and the breaker's failures.
    private func call(
      _ status: Int,
      _ method: String = "GET",
      headers: [String: String] = [:],
      isRepeatable: Bool? = nil
    ) async throws -> (status: Int, isThrown: Bool, requests: Int, failures: Int) {
      let httpbin = try Peers.current.httpbin
      let mark = httpbin.mark
      let breaker = CircuitBreaker("httpbin", trip: .consecutiveFailures(100))
      let policy = Pipeline("httpbin") {
        threeAttempts()
        breaker
      }
      let request = try peerRequest(httpbin.url, "/status/\(status)", method, headers: headers)
      var seen = (status: 0, isThrown: false)
      do {
        let (_, response) = try await session.data(
          for: request,
          through: policy,
          isRepeatable: isRepeatable
        )
        seen = (response.statusCode, false)
      } catch let error as HTTPStatusError {
        seen = (error.status, true)
      }
      let lines = try await httpbin.log(of: "/status/\(status)", since: mark)
      #expect(lines.allSatisfy { $0.status == "\(status)" && $0.method == method })
      return (seen.status, seen.isThrown, lines.count, breaker.snapshot.consecutiveFailures)
    }

    @Test("Each is judged and repeated as the table says", arguments: rows)
    func table(row: Row) async throws {
      for status in row.statuses {
        let seen = try await call(status)
        #expect(seen.status == status)
        #expect(seen.isThrown == row.isFailure, "\(status)")
        #expect(seen.requests == row.requests, "\(status)")
        #expect(seen.failures == (row.isFailure ? row.requests : 0), "\(status)")
      }
    }

    @Test("A POST is repeated only if the server has not acted on it, or if it says it may be")
    func posts() async throws {
      for status in Self.repeated {
        let requests = status == 425 ? 3 : 1
        #expect(try await call(status, "POST").requests == requests, "\(status)")
        #expect(try await call(status, "PATCH").requests == requests, "\(status)")
        #expect(try await call(status, "PUT").requests == 3, "\(status)")
        #expect(try await call(status, "DELETE").requests == 3, "\(status)")
      }
      #expect(try await call(503, "POST", headers: ["Idempotency-Key": "1"]).requests == 3)
      #expect(try await call(503, "POST", isRepeatable: true).requests == 3)
      #expect(try await call(503, "GET", isRepeatable: false).requests == 1)
    }

    @Test("A service throws every status but 2xx, and its policies judge it as before")
    func service() async throws {
      let httpbin = try Peers.current.httpbin
      let breaker = CircuitBreaker("httpbin", trip: .consecutiveFailures(3))
      let service = HTTPService(
        baseURL: httpbin.url,
        session: session,
        pipeline: Pipeline("httpbin") {
          threeAttempts()
          breaker
        }
      )
      let mark = httpbin.mark
      for status in [304, 404, 418] {
        let error = await #expect(throws: HTTPStatusError.self) {
          try await service.send("GET", "status/\(status)")
        }
        #expect(error?.status == status)
      }
      #expect(breaker.snapshot.consecutiveFailures == 0)
      #expect(try await httpbin.log(of: "/status/", since: mark).count == 3)
      let error = await #expect(throws: HTTPStatusError.self) {
        try await service.send("GET", "status/418")
      }
      #expect(error?.headers["x-more-info"] == "http://tools.ietf.org/html/rfc2324")
      #expect(error?.bodyExcerpt.contains("teapot") == true)
      await #expect(throws: HTTPStatusError.self) { try await service.send("GET", "status/500") }
      #expect(breaker.state == .open)
      await #expect(throws: CircuitOpen.self) { try await service.send("GET", "status/200") }
      #expect(try await httpbin.log(of: "/status/", since: mark).count == 7)
    }
  }
}
