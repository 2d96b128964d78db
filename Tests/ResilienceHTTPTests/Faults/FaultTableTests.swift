import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a call comes to, and what it costs.
struct CallResult: Equatable, CustomStringConvertible {
  /// The status that was returned, or what was thrown.
  var outcome: String
  /// Requests that reached the server.
  var requests: Int
  /// Failures that the breaker counted, one after the other.
  var failures: Int

  init(_ outcome: String, _ requests: Int, failures: Int = 0) {
    self.outcome = outcome
    self.requests = requests
    self.failures = failures
  }

  var description: String { "\(outcome), \(requests) requests, \(failures) failures" }
}

/// One fault, and what three attempts make of it.
struct FaultRow: CustomTestStringConvertible, Sendable {
  let name: String
  let fault: ServerFault
  let get: CallResult
  let post: CallResult
  let stream: CallResult
  /// The time of one attempt, for a fault that has no end.
  var limit: Duration?

  var testDescription: String { name }

  /// The same for all three.
  static func each(
    _ name: String,
    _ fault: ServerFault,
    _ outcome: String,
    _ requests: Int = 1,
    failures: Int = 0
  ) -> FaultRow {
    let result = CallResult(outcome, requests, failures: failures)
    return FaultRow(name: name, fault: fault, get: result, post: result, stream: result)
  }

  /// A failure of which nobody knows whether the service has acted: repeated, but for POST.
  static func transient(
    _ name: String,
    _ fault: ServerFault,
    _ outcome: String,
    stream: CallResult? = nil,
    limit: Duration? = nil
  ) -> FaultRow {
    let repeated = CallResult(outcome, 3, failures: 3)
    return FaultRow(
      name: name,
      fault: fault,
      get: repeated,
      post: CallResult(outcome, 1, failures: 1),
      stream: stream ?? repeated,
      limit: limit
    )
  }

  /// A body that is shorter than announced; libcurl's own code for it is unknown to `URLSession`.
  #if canImport(FoundationNetworking)
    private static let brokenOff = "URLError -1"
  #else
    private static let brokenOff = "URLError -1005"
  #endif

  static let all: [FaultRow] = [
    .each("latency", .latency(.milliseconds(1)), "2xx"),
    .each("status 404", .status(404), "404"),
    .each("status 501", .status(501), "501"),
    .each("status 425", .status(425), "HTTPStatusError 425", 3, failures: 3),
    .transient("status 408", .status(408), "HTTPStatusError 408"),
    .transient("status 429", .status(429), "HTTPStatusError 429"),
    .transient("status 500", .status(500), "HTTPStatusError 500"),
    .transient("status 503", .status(503), "HTTPStatusError 503"),
    .each(
      "status 503, come back tomorrow",
      .status(503, headers: ["Retry-After": "86400"]),
      "HTTPStatusError 503",
      failures: 1
    ),
    .each("status 507", .status(507), "HTTPStatusError 507", failures: 1),
    .transient("hang", .hang, "TimedOut", limit: .milliseconds(150)),
    .each("refuse", .refuse, "URLError -1004", 0, failures: 3),
    .transient("reset before the handler", .reset(.beforeHandler), "URLError -1005"),
    .transient("reset after the handler", .reset(.afterHandler), "URLError -1005"),
    .transient("reset in the headers", .reset(.inHeaders), "URLError -1005"),
    .transient(
      "reset in the body",
      .reset(.inBody),
      "URLError -1005",
      stream: CallResult("URLError -1005", 1)
    ),
    .transient(
      "truncated body",
      .truncatedBody,
      brokenOff,
      stream: CallResult(brokenOff, 1)
    ),
    .each("drip", .drip(50, every: .milliseconds(1)), "2xx"),
    .transient("garbage", .garbage(), "URLError -1011"),
    .transient("malformed status line", .malformedStatusLine, "URLError -1011"),
    .each("redirect in a circle", .redirect(to: "/notes/1"), "URLError -1007", 21, failures: 1),
    .each("header fields", .headerFlood(50), "2xx"),
    .each("header flood", .headerFlood(2_600), "ResponseHeadTooLarge", failures: 1),
    .transient("endless headers", .endlessHeaders, "TimedOut", limit: .milliseconds(150)),
    .each("content type", .contentType("text/html"), "2xx"),
    .each("endless body", .endlessBody, "ResponseTooLarge"),
    .each("a body that inflates within the bound", .inflating(to: 1_000_000), "2xx"),
    .each("a body that inflates beyond it", .inflating(to: 1_000_001), "ResponseTooLarge"),
    .each("a body that inflates without end", .inflating(), "ResponseTooLarge"),
  ]
}

@Suite("Every fault of the server, through three attempts and a breaker", .byThemselves)
struct FaultTableTests {
  private enum Way: CaseIterable { case get, post, stream }

  private static let bound = 1_000_000

  @Test("What each comes to, and what it costs", arguments: FaultRow.all)
  func table(row: FaultRow) async throws {
    for way in Way.allCases {
      let expected =
        switch way {
        case .get: row.get
        case .post: row.post
        case .stream: row.stream
        }
      var result = try await result(of: row, way)
      // A machine that is busy may use up an attempt's time before the request has been sent.
      if row.limit != nil, result.requests < expected.requests {
        result.requests = expected.requests
      }
      #expect(result == expected, "\(row.name), \(way): \(result)")
    }
  }

  /// Each in a session of its own, so that no kept connection plays a part.
  private func result(of row: FaultRow, _ way: Way) async throws -> CallResult {
    let (server, session) = (try FaultServer.sample(), URLSession.fresh())
    server.inject(row.fault)
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1_000))
    let policy = Pipeline("x") {
      threeAttempts()
      breaker
      Timeout(row.limit ?? .seconds(60))
    }
    let outcome = await outcome {
      switch way {
      case .get, .post:
        let request =
          way == .get
          ? server.request("notes/1")
          : server.request("notes", "POST", body: #"{"id":1,"text":""}"#)
        return try await session.data(
          for: request,
          through: policy,
          maxResponseBytes: Self.bound
        ).1.statusCode
      case .stream:
        return try await session.stream(
          for: server.request("notes/1"),
          through: policy,
          maxResponseBytes: Self.bound
        ) { response, body in
          for try await _ in body {}
          return response.statusCode
        }
      }
    }
    return CallResult(
      outcome,
      server.requestCount,
      failures: breaker.snapshot.consecutiveFailures
    )
  }

  private func outcome(of call: () async throws -> Int) async -> String {
    do {
      let status = try await call()
      return (200...299).contains(status) ? "2xx" : "\(status)"
    } catch let error as HTTPStatusError {
      return "HTTPStatusError \(error.status)"
    } catch let error as URLError {
      return "URLError \(error.code.rawValue)"
    } catch {
      return "\(type(of: error))"
    }
  }
}
