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
