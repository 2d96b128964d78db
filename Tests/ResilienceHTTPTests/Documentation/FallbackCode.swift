import Resilience

// More code of the article on fallbacks: see DocumentationCode.swift. Never run.

private struct PriceList: Sendable {}

private struct Catalogue: Sendable {
  func prices() async throws -> PriceList { PriceList() }
}

private func around(
  prices: Fallback<PriceList>,
  rates: LastGood<PriceList>,
  payments: some Policy,
  catalogue: Catalogue
) async throws {
  let list = try await prices.run {
    try await rates.run {
      try await payments.run { try await catalogue.prices() }
    }
  }
  _ = list
}

private func inside(
  prices: Fallback<PriceList>,
  breaker: CircuitBreaker,
  catalogue: Catalogue
) async throws {
  let list = try await breaker.run {
    try await prices.run { try await catalogue.prices() }
  }
  _ = list
}

private func outside(
  prices: Fallback<PriceList>,
  breaker: CircuitBreaker,
  catalogue: Catalogue
) async throws {
  let list = try await prices.run {
    try await breaker.run { try await catalogue.prices() }
  }
  _ = list
}

private func again(catalogue: Catalogue) {
  let again = Fallback { _ in try await catalogue.prices() }
  _ = again
}
