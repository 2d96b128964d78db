import Foundation
import Resilience
import ResilienceHTTP
import Testing

@testable import ResilienceDemo

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Outcomes")
struct CallOutcomeTests {
  private static let open = CircuitOpen(policy: "users", retryAfter: .seconds(1))
  private static let full = BulkheadFull(policy: "bulkhead", reason: .queueFull)
  private static let waited = BulkheadFull(policy: "b", reason: .waitedTooLong(.seconds(1)))

  @Test("A refusal is one only if nothing was sent and nothing waited")
  func refusals() {
    #expect(CallOutcome(Self.open, attempts: 0) == .refused)
    #expect(CallOutcome(Self.full, attempts: 0) == .refused)
    #expect(
      CallOutcome(Self.open, attempts: 1) == .failure("circuit opened before the retry")
    )
    #expect(CallOutcome(Self.full, attempts: 1) == .failure("no place in the bulkhead"))
    #expect(CallOutcome(Self.waited, attempts: 0) == .failure("no place in the bulkhead"))
  }

  @Test("Each error has its reason")
  func reasons() throws {
    let url = try #require(URL(string: "http://127.0.0.1"))
    let table: [(any Error, String)] = [
      (TimedOut(policy: "call", limit: .seconds(1)), "timed out"),
      (URLError(.timedOut), "timed out"),
      (URLError(.cannotConnectToHost), "connection refused"),
      (URLError(.networkConnectionLost), "connection lost"),
      (URLError(.badServerResponse), "connection closed without an answer"),
      (URLError(.badURL), "URLError -1000"),
      (HTTPStatusError(status: 503, url: url), "status 503"),
      (BareClient.BadStatus(status: 500), "status 500"),
      (CancellationError(), "other: CancellationError"),
    ]
    for (error, reason) in table {
      #expect(CallOutcome(error, attempts: 1) == .failure(reason))
    }
  }
}
