import Foundation
import Resilience

// The code of the article on policies by key, compiled. Never run.

private func fetch(_ host: String) async throws -> String { host }

private func fetch(_ url: URL) async throws -> String { "\(url)" }

private func query(_ tenant: Int) async throws -> [Int] { [tenant] }

private func keyed(host: String, tenant: Int) async throws {
  let breakers = Keyed<String, CircuitBreaker>(limit: 10_000, idleAfter: .seconds(600)) { host in
    CircuitBreaker(host)
  }
  let page = try await breakers.run(for: host) { try await fetch(host) }
  _ = page

  let tenants = Keyed<Int, _>(limit: 1_000) { tenant in
    Pipeline("tenant \(tenant)") {
      Bulkhead(limit: 8)
      CircuitBreaker("tenant \(tenant)")
    }
  }
  let rows = try await tenants.run(for: tenant) { try await query(tenant) }
  _ = rows

  for (host, breaker) in breakers.snapshot() where breaker.state != .closed {
    print("\(host) is \(breaker.state)")
  }
  if breakers.statistics.overflowed > 0 { print("more than \(breakers.limit) hosts in trouble") }
}

private func whole(breakers: Keyed<String, CircuitBreaker>, url: URL) async throws {
  let page = try await breakers.run(for: url.absoluteString) { try await fetch(url) }
  _ = page
}

private func byHost(breakers: Keyed<String, CircuitBreaker>, url: URL) async throws {
  let page = try await breakers.run(for: url.host() ?? "") { try await fetch(url) }
  _ = page
}

private func kept(breakers: Keyed<String, CircuitBreaker>, url: URL) async throws {
  let breaker = breakers["payments.internal"]
  // … much later
  let page = try await breaker.run { try await fetch(url) }
  _ = page
}
