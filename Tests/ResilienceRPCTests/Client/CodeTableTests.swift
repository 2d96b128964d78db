import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

/// Each code under each policy: what comes out, what the policy makes of it, and how many calls go
/// over the wire.
@Suite("Codes under policies")
struct CodeTableTests {
  private struct Row: CustomStringConvertible {
    let code: RPCCode
    let verdict: Verdict
    /// Calls under three attempts: of an idempotent method, and of another.
    let retried: (idempotent: Int, unmarked: Int)
    /// Calls under a hedge of a service configuration for `UNAVAILABLE` and `ABORTED`.
    let hedged: Int

    var description: String { "\(code)" }
  }

  private static let rows: [Row] = [
    Row(code: .cancelled, verdict: .ignored, retried: (1, 1), hedged: 1),
    Row(code: .unknown, verdict: .failure, retried: (3, 1), hedged: 1),
    Row(code: .invalidArgument, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .deadlineExceeded, verdict: .failure, retried: (3, 1), hedged: 1),
    Row(code: .notFound, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .alreadyExists, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .permissionDenied, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .resourceExhausted, verdict: .failure, retried: (1, 1), hedged: 1),
    Row(code: .failedPrecondition, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .aborted, verdict: .success, retried: (1, 1), hedged: 3),
    Row(code: .outOfRange, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .unimplemented, verdict: .success, retried: (1, 1), hedged: 1),
    Row(code: .internal, verdict: .failure, retried: (3, 1), hedged: 1),
    Row(code: .unavailable, verdict: .failure, retried: (3, 1), hedged: 3),
    Row(code: .dataLoss, verdict: .failure, retried: (1, 1), hedged: 1),
    Row(code: .unauthenticated, verdict: .success, retried: (1, 1), hedged: 1),
  ]

  @Test("The table has every code")
  func complete() {
    #expect(Self.rows.map(\.code) == RPCCode.allCases)
  }

  @Test("Outcome, verdict and calls on the wire are those of the table")
  func table() async throws {
    let service = RPCServer.users()
    let server = try FaultServer.carrying(service)
    let json = #"""
      {"methodConfig":[{"name":[{}],"hedgingPolicy":{"maxAttempts":3,"hedgingDelay":"60s",
      "nonFatalStatusCodes":["UNAVAILABLE","ABORTED"]}}]}
      """#
    let config = try ServiceConfig(json: Data(json.utf8))

    /// The number of calls that one call became, which must have the code.
    func calls(
      _ row: Row,
      _ policy: some Policy,
      _ config: ServiceConfig? = nil,
      _ method: RPCMethod<GetPersonRequest, Person> = .getUser
    ) async -> Int {
      let before = server.requestCount
      let client = RPCClient(baseURL: server.url, pipeline: policy, serviceConfig: config)
      let error = await #expect(throws: RPCStatus.self) {
        try await client.call(method, GetPersonRequest(id: 1))
      }
      #expect(error?.code == row.code)
      return server.requestCount - before
    }

    for row in Self.rows {
      let fault = service.inject(RPCStatus(row.code))
      let retry = Retry(attempts: 3, backoff: .none)
      #expect(await calls(row, retry) == row.retried.idempotent, "\(row)")
      #expect(await calls(row, retry, nil, .getUserUnmarked) == row.retried.unmarked, "\(row)")

      let breaker = CircuitBreaker("\(row)", trip: .consecutiveFailures(1))
      #expect(await calls(row, breaker) == 1)
      #expect(breaker.state == (row.verdict == .failure ? .open : .closed), "\(row)")
      let counting = CircuitBreaker("\(row)", trip: .failureRate(1, over: .seconds(600)))
      #expect(await calls(row, counting) == 1)
      let tally = counting.snapshot.windows.first?.tally
      #expect(tally?.failures == (row.verdict == .failure ? 1 : 0), "\(row)")
      #expect(tally?.successes == (row.verdict == .success ? 1 : 0), "\(row)")

      #expect(await calls(row, NoPolicy(), config) == row.hedged, "\(row)")
      fault.heal()
    }
  }
}
