import Resilience
import ResilienceHTTP
import ResilienceTesting

private struct Search {
  func prefetch(_ query: String) async throws {}
}

private func answer(_ request: ServerRequest) async throws -> ServerResponse { .status(204) }

private func articleCriticality(
  search: AdaptiveThrottle,
  service: Search,
  query: String
) async throws {
  try await withCriticality(.sheddable) {
    try await search.run { try await service.prefetch(query) }
  }
}

private func articleServer(request: ServerRequest) async throws -> ServerResponse {
  let criticality = Criticality(headerField: request.headers[Criticality.headerField]) ?? .critical
  return try await withCriticality(criticality) { try await answer(request) }
}

private struct Users {
  func user(_ id: Int) async throws -> Int { id }
}

private func articleShares() {
  var settings = BulkheadSettings()
  settings.shares = CriticalityShares(sheddable: 0.5, sheddablePlus: 0.7, critical: 0.9)
  _ = settings
}

private func articleRaising(retry: Retry, service: Users, id: Int) async throws {
  let user = try await retry.run {
    try await withCriticality(.criticalPlus) { try await service.user(id) }
  }
  _ = user
}
