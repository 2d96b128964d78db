import Resilience

// The code of the article on the rate limiter, compiled; see `DocumentationCode.swift`. Never run.

private struct Service {
  func search(_ query: String) async throws -> [Int] { [] }
  func export(_ query: String) async throws -> [Int] { [] }
}

private func articleRateLimiter(service: Service, query: String) async throws {
  let search = RateLimiter(
    "search",
    .tokenBucket(100, per: .seconds(1), burst: 20),
    maxWait: .milliseconds(200)
  )
  let hits = try await search.run { try await service.search(query) }
  let all = try await search.run(weight: 5) { try await service.export(query) }
  _ = (hits, all)

  try search.apply(.smooth(50, per: .seconds(1)))
}

private func articleReservation(search: RateLimiter) async throws {
  try search.acquire()

  let reservation = try search.reserve(weight: 2, within: .seconds(5))
  print("the turn comes in \(reservation.delay)")
  try await reservation.wait()
}
