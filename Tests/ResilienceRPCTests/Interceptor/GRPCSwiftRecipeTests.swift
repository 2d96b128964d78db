import Resilience
import ResilienceRPC
import Testing

@Suite("The recipe for grpc-swift-2")
struct GRPCSwiftRecipeTests {
  private func call(
    _ interceptor: ResilientInterceptor,
    failing errors: [RPCError],
    asValues: Bool
  ) async throws -> (response: StreamingClientResponse<Int>, seen: [String?]) {
    var seen: [String?] = []
    let response = try await interceptor.intercept(
      request: StreamingClientRequest<Int>(),
      context: ClientContext(descriptor: MethodDescriptor(fullyQualifiedMethod: "a.S/M"))
    ) { request, _ in
      let name = "grpc-previous-rpc-attempts"
      seen.append(request.metadata[stringValues: name].first { _ in true })
      guard seen.count <= errors.count else { return StreamingClientResponse(messages: [7]) }
      if asValues { return StreamingClientResponse(of: Int.self, error: errors[seen.count - 1]) }
      throw errors[seen.count - 1]
    }
    return (response, seen)
  }

  private func interceptor(_ policy: some Policy) -> ResilientInterceptor {
    ResilientInterceptor(
      resilience: RPCInterceptor(pipeline: AnyPolicy(policy)) { _ in .idempotent }
    )
  }

  private let unavailable = RPCError(code: .init(rawValue: 14))

  @Test("A failure that passes is retried away, thrown or not", arguments: [true, false])
  func retries(asValues: Bool) async throws {
    let (response, seen) = try await call(
      interceptor(Retry(attempts: 3, backoff: .none)),
      failing: [unavailable, unavailable],
      asValues: asValues
    )
    #expect(try response.accepted.get().messages == [7])
    #expect(seen == [nil, "1", "2"])
  }

  @Test("A failure that stays is a value, as it came", arguments: [true, false])
  func failures(asValues: Bool) async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let (response, _) = try await call(
      interceptor(breaker),
      failing: [unavailable],
      asValues: asValues
    )
    guard case .failure(let error) = response.accepted else {
      Issue.record("a success")
      return
    }
    #expect(error.code.rawValue == 14)
    #expect(breaker.state == .open)
  }

  @Test("A push-back in the metadata forbids the retry")
  func pushback() async throws {
    var error = unavailable
    error.metadata.replaceOrAddString("-1", forKey: "grpc-retry-pushback-ms")
    let (_, seen) = try await call(
      interceptor(Retry(attempts: 3, backoff: .none)),
      failing: [error, error],
      asValues: true
    )
    #expect(seen.count == 1)
  }
}
