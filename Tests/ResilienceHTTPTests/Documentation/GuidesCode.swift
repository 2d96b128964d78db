import Resilience
import ResilienceHTTP
import Testing

#if canImport(Foundation)
  import Foundation
#endif

// The code of the guides: which pattern, sharing, events, adapters. Compiled, never run.

private struct User: Codable, Sendable {}
private struct Order: Sendable {}

private struct Service {
  func user(_ id: Int) async throws -> User { User() }
}

private struct Gateway {
  func charge(_ order: Order) async throws -> Int { 0 }
}

private func fetch(_ host: String) async throws -> String { host }

private func whichPattern(service: Service, id: Int) async throws {
  let users = Pipeline<AnyPolicy>.standard("users")
  let user = try await users.run { try await service.user(id) }
  _ = user
}

private struct Orders {
  let reads: AnyPolicy
  let writes: AnyPolicy

  init() {
    let breaker = CircuitBreaker("orders")
    let places = Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200), name: "orders")
    reads = AnyPolicy(
      Pipeline("orders, reads") {
        Retry(attempts: 3, budget: RetryBudget())
        breaker
        places
        Timeout(.milliseconds(500))
      }
    )
    writes = AnyPolicy(
      Pipeline("orders, writes") {
        breaker
        places
        Timeout(.seconds(5))
      }
    )
  }
}

private func byKey(host: String) async throws {
  let hosts = Keyed<String, Pipeline<AnyPolicy>>(limit: 1_000) { host in .standard(host) }
  let page = try await hosts.run(for: host) { try await fetch(host) }
  _ = page
}

private func watching(gateway: Gateway, order: Order, tenant: String) async throws {
  let watch = ClosureObserver { event in
    if case .transition(let transition) = event.kind { print("\(event.policy): \(transition)") }
  }
  let payments = Pipeline<AnyPolicy>.standard("payments", observer: watch)

  _ =
    try await withCallMetadata(["tenant": tenant]) {
      try await payments.run { try await gateway.charge(order) }
    }
}

private func stream() async {
  let events = EventStream(capacity: 1_000)
  let breaker = CircuitBreaker("payments", observer: events)
  for await event in events { print(event) }
  _ = breaker
}

private func http(url: URL, id: Int) async throws {
  let users = HTTPService(baseURL: url, pipeline: Pipeline<AnyPolicy>.standard("users"))
  let user = try await users.get("users/\(id)", as: User.self)
  _ = user
}

private enum DatabaseError: Error {
  case constraintViolated, noRows, connectionLost, tooManyConnections
}

extension DatabaseError: CallError {
  var verdict: Verdict {
    switch self {
    case .constraintViolated, .noRows: .success
    case .connectionLost, .tooManyConnections: .failure
    }
  }

  var retryAdvice: RetryAdvice {
    switch self {
    case .constraintViolated, .noRows: .forbidden
    case .tooManyConnections: .notProcessed
    case .connectionLost: .allowed
    }
  }
}

@Suite("The guides")
struct GuidesTests {
  @Test("The pipelines that share a part leave nothing to say")
  func sharing() {
    let orders = Orders()
    #expect(orders.reads.lint().isEmpty && orders.writes.lint(isRepeatable: false).isEmpty)
  }
}
