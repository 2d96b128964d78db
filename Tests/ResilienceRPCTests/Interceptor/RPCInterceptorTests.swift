import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

@Suite("Interceptor", .timeLimit(.minutes(1)))
struct RPCInterceptorTests {
  private func collect(
    _ interceptor: RPCInterceptor<some Policy>,
    _ method: RPCMethodName = "a.S/M",
    failures: Int,
    with error: any Error
  ) async throws -> [RPCMetadata] {
    var seen: [RPCMetadata] = []
    try await interceptor.intercept(method, metadata: ["x": "1"]) { metadata in
      seen.append(metadata)
      if seen.count <= failures { throw error }
    }
    return seen
  }

  @Test("Every attempt knows how many came before it")
  func attempts() async throws {
    let interceptor = RPCInterceptor(pipeline: Retry(attempts: 3, backoff: .none)) { _ in
      .idempotent
    }
    let seen = try await collect(interceptor, failures: 2, with: RPCStatus(.unavailable))
    #expect(seen.map { $0["grpc-previous-rpc-attempts"] } == [nil, "1", "2"])
    #expect(seen.allSatisfy { $0["x"] == "1" })
  }

  @Test("A method of which nothing is said is made once, unless the configuration says more")
  func unmarked() async throws {
    let retry = Retry(attempts: 3, backoff: .none)
    await #expect(throws: RPCStatus.self) {
      try await collect(RPCInterceptor(pipeline: retry), failures: 1, with: RPCStatus(.unavailable))
    }
    let json = #"""
      {"methodConfig":[{"name":[{"service":"a.S"}],"retryPolicy":{"maxAttempts":3,
      "initialBackoff":"0.001s","maxBackoff":"0.001s","backoffMultiplier":1,
      "retryableStatusCodes":["UNAVAILABLE"]}}]}
      """#
    let interceptor = RPCInterceptor(
      pipeline: NoPolicy(),
      serviceConfig: try ServiceConfig(json: Data(json.utf8))
    )
    #expect(try await collect(interceptor, failures: 2, with: RPCStatus(.unavailable)).count == 3)
    await #expect(throws: RPCStatus.self) {
      try await collect(interceptor, "b.T/M", failures: 1, with: RPCStatus(.unavailable))
    }
  }

  @Test("What is left of the deadline is in the metadata, and nothing is called after it")
  func deadline() async throws {
    let clock = ManualClock()
    let interceptor = RPCInterceptor(pipeline: NoPolicy())
    let seen = try await withCallDeadline(in: .seconds(3), on: Timeline(clock)) {
      try await collect(interceptor, failures: 0, with: RPCStatus(.unknown))
    }
    #expect(seen.map { $0["grpc-timeout"] } == ["3000000u"])
    let error = await #expect(throws: RPCStatus.self) {
      try await withCallDeadline(in: .zero, on: Timeline(clock)) {
        try await interceptor.intercept("a.S/M") { _ in Issue.record("called") }
      }
    }
    #expect(error?.code == .deadlineExceeded)
  }

  @Test("An attempt ends at the deadline even if the library does not see to it")
  func enforcedDeadline() async throws {
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let interceptor = RPCInterceptor(pipeline: NoPolicy(), timeline: timeline)
    let begun = Signal()
    async let call: Result<Void, any Error> = outcome {
      try await withCallDeadline(in: .seconds(3), on: timeline) {
        try await interceptor.intercept("a.S/M") { _ in
          begun.raise()
          try await untilCancelled()
        }
      }
    }
    await begun.wait()
    clock.advance(by: .seconds(3))
    let result = await call
    let error = #expect(throws: RPCStatus.self) { try result.get() }
    #expect(error?.code == .deadlineExceeded)
    #expect(error?.verdict == .failure)
  }

  @Test("An error of any library means what its code means")
  func foreignErrors() async throws {
    struct LibraryError: RPCCodedError {
      let rpcCode: RPCCode
    }
    for code in RPCCode.allCases {
      let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
      await #expect(throws: LibraryError.self) {
        try await RPCInterceptor(pipeline: breaker).intercept("a.S/M") { _ in
          throw LibraryError(rpcCode: code)
        }
      }
      #expect(breaker.state == (code.verdict == .failure ? .open : .closed), "\(code)")
    }
  }
}
