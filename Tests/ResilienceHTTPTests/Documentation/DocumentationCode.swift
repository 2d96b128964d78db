import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

// The code of the README and the articles, compiled. `DocumentationTests` checks that each block
// stands here to the letter. Never run.

private struct Order: Sendable {}
private struct User: Codable, Sendable {}

private struct Gateway {
  func charge(_ order: Order) async throws -> Int { 0 }
}

private struct Log {
  func write(_ text: String) async {}
}

private enum Answer {
  case receipt(Int)
  case tryLater(after: Duration?)
}

private func readme(gateway: Gateway, order: Order, log: Log, url: URL, id: Int) async throws {
  let payments = Pipeline("payments") {
    Timeout(.seconds(2), name: "whole call")
    Retry(attempts: 3, backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1)))
    CircuitBreaker(
      "payments",
      trip: .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10))
    )
    Bulkhead(limit: 64, queue: 128)
    Timeout(.milliseconds(500), name: "each attempt")
  }
  let receipt = try await payments.run { try await gateway.charge(order) }
  _ = receipt

  var settings = BreakerSettings()
  settings.slowAfter = .seconds(1)
  settings.trip = .failureRate(0.5, lastCalls: 100) || .slowCallRate(0.8, over: .seconds(10))
  settings.open = .growing(from: .seconds(5), upTo: .seconds(300), jitter: 0.2)
  settings.halfOpen.probes = 3
  settings.halfOpen.ramp = [0.05, 0.25, 0.5]
  let breaker = CircuitBreaker("inventory", settings) { transition in
    await log.write("\(transition)")
  }
  _ = breaker

  let users = HTTPService(baseURL: url, pipeline: payments)
  let user = try await users.get("users/\(id)", as: User.self)
  _ = user
}

private func prefetch(_ host: String) async throws {}

private func readmeKeyed(host: String, tenant: String) async throws {
  let hosts = Keyed<String, Pipeline<AnyPolicy>>(limit: 10_000) { host in .standard(host) }
  try await withCriticality(.sheddable) {
    try await withFairnessKey(tenant) {
      try await hosts.run(for: host) { try await prefetch(host) }
    }
  }
}

private func readmeTesting() throws {
  let clock = ManualClock()
  let breaker = CircuitBreaker("callee", openFor: .seconds(30), timeline: Timeline(clock))
  clock.advance(by: .seconds(30))

  let server = try FaultServer {
    Route(.get, "/users/{id}") { request in .text("user \(request.parameters["id"] ?? "?")") }
  }
  let outage = server.inject(.status(503, headers: ["Retry-After": "1"]))
  _ = (breaker, outage)
}

private func article(gateway: Gateway, order: Order) async throws -> Answer {
  let breaker = CircuitBreaker(
    "payments",
    trip: .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10), minimumCalls: 20),
    openFor: .seconds(30)
  )

  do {
    return .receipt(try await breaker.run { try await gateway.charge(order) })
  } catch let error as CircuitOpen {
    return .tryLater(after: error.retryAfter)
  }
}

private func articleSettings() {
  var settings = BreakerSettings()
  settings.slowAfter = .seconds(1)
  settings.trip = .failureRate(0.5, lastCalls: 100) || .slowCallRate(0.8, over: .seconds(10))
  settings.open = .growing(from: .seconds(5), upTo: .seconds(300), jitter: 0.2)
    .honouringHints(upTo: .seconds(600))
  settings.halfOpen.probes = 3
  settings.halfOpen.ramp = [0.05, 0.25, 0.5]
  let careful = CircuitBreaker("payments", settings)
  _ = careful
}

private func articlePermits(breaker: CircuitBreaker) async throws {
  let permit = try await breaker.acquire()
  // … later, and exactly once; a permit that is dropped says nothing
  await permit.settle(as: .success)
}

private func articleControl(breaker: CircuitBreaker) async {
  let hold = await breaker.hold(.forcedOpen)
  // …
  await hold.release()
}

private struct Service {
  func user(_ id: Int) async throws -> User { User() }
  func greet(_ user: User) async throws {}
}

private struct PriceList: Sendable {
  static let standard = PriceList()
}

private struct Catalogue {
  func prices() async throws -> PriceList { .standard }
}

private func articleRetry(service: Service, id: Int) async throws {
  let budget = RetryBudget(ratio: 0.2)
  let retry = Retry(
    attempts: 3,
    backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1)),
    budget: budget
  )
  let user = try await retry.run { try await service.user(id) }
  _ = user
}

private func articleHistory(retry: Retry, service: Service, id: Int) async throws -> User {
  let history = RetryHistory()
  do {
    return try await history.record { try await retry.run { try await service.user(id) } }
  } catch {
    print("\(error) after \(history)")
    throw error
  }
}

private func articleTimeout(service: Service, id: Int) async throws {
  let timeout = Timeout(.milliseconds(500))
  let user = try await timeout.run { try await service.user(id) }
  _ = user
}

private func articleDeadline(
  service: Service,
  id: Int,
  retry: Retry,
  bulkhead: Bulkhead
) async throws {
  try await withCallDeadline(in: .seconds(2)) {
    let user = try await retry.run { try await service.user(id) }
    try await bulkhead.run { try await service.greet(user) }
  }
}

private func articleHedge(service: Service, id: Int, budget: RetryBudget) async throws {
  let hedge = Hedge(
    after: .quantile(0.95, atLeast: .milliseconds(5), upTo: .milliseconds(200)),
    budget: budget
  )
  let user = try await hedge.run { attempt in try await service.user(id) }
  _ = user
}

private func articleFallback(catalogue: Catalogue) async throws {
  let prices = Fallback(PriceList.standard)
  let answer = try await prices.result { try await catalogue.prices() }
  if answer.isDegraded { print("standard prices, because \(answer.cause as Any)") }
}

private func articleLastGood(catalogue: Catalogue) async throws {
  let rates = LastGood<PriceList>(for: .seconds(600))
  let today = try await rates.run { try await catalogue.prices() }
  _ = today
}

private func articleCoalescer(service: Service, id: Int) async throws {
  let profiles = Coalescer<Int, User>()
  let profile = try await profiles.run(for: id) { try await service.user(id) }
  _ = profile
}
