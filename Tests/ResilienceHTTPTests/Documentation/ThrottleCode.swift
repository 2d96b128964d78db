import Resilience
import ResilienceHTTP

private struct Search {
  func search(_ query: String) async throws -> [String] { [] }
  func prefetch(_ query: String) async throws {}
}

private func articleThrottle(service: Search, query: String) async throws {
  let throttle = AdaptiveThrottle("search")
  let results = try await throttle.run { try await service.search(query) }
  _ = results

  try await withCriticality(.sheddable) {
    try await throttle.run { try await service.prefetch(query) }
  }

  var settings = ThrottleSettings()
  settings.ratio = 1.5
  settings.window = .seconds(30)
  try throttle.apply(settings)
  print(throttle.rejectionProbability, throttle.snapshot[.sheddable])
}

private func articleLoadOnly() {
  let loadOnly = Classifier { error in
    (error as? HTTPStatusError).map { [429, 503].contains($0.status) ? .failure : .success }
      ?? Classifier.standard.judge(error)
  }
  let throttle = AdaptiveThrottle("search", judging: loadOnly)
  _ = throttle
}
