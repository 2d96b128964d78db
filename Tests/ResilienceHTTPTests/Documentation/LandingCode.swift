import Foundation
import Resilience
import ResilienceHTTP

// The code of the landing pages, compiled: see DocumentationCode.swift. Never run.

private struct Order {}
private struct User: Codable, Sendable {}
private struct NewUser: Codable, Sendable {}

private struct Gateway {
  func charge(_ order: Order) async throws -> Int { 0 }
}

private func resilience(gateway: Gateway, order: Order) async throws {
  let payments = Pipeline("payments") {
    Timeout(.seconds(2))
    Retry(attempts: 3, backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1)))
    CircuitBreaker(
      "payments",
      trip: .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10), minimumCalls: 20)
    )
    Bulkhead(limit: 64, queue: 128)
    Timeout(.milliseconds(500))
  }
  let receipt = try await payments.run { try await gateway.charge(order) }
  _ = receipt
}

private func http(url: URL, id: Int, newUser: NewUser) async throws {
  let users = HTTPService(
    baseURL: url,
    pipeline: Pipeline("users") {
      Retry(attempts: 3)
      CircuitBreaker("users")
      Timeout(.seconds(2))
    }
  )
  let user = try await users.get("users/\(id)", as: User.self)
  try await users.post("users", body: newUser)
  _ = user
}
