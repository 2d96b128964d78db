import Resilience

// The code of the article on the adaptive limiter: see DocumentationCode.swift.

private struct TooManyConnections: Error {}

private struct Service {
  func search(_ query: String) async throws -> [String] { [] }
}

private func adaptiveLimiter(service: Service, query: String) async throws {
  let limiter = AdaptiveLimiter("search")
  let hits = try await limiter.run { try await service.search(query) }
  _ = hits
}

private func adaptiveLimiterSettings() {
  var settings = AdaptiveLimiterSettings()
  settings.rule = .guarded(in: 5...500)
  settings.queue = QueueSettings(limit: 100, maxWait: .milliseconds(200))
  settings.shares.sheddable = 0.5
  let search = AdaptiveLimiter("search", settings)
  _ = search

  settings.rule = .aimd()
  settings.overload = { error in
    AdaptiveLimiterSettings.saysOverload(error) || error is TooManyConnections
  }
}
