import Resilience

// The code of the article on endpoints, compiled. Never run.

private func ask(_ region: String) async throws -> Int { 0 }

private func article(retry: Retry, registered: [String]) async throws {
  var settings = EndpointSettings()
  settings.choice = .roundRobin
  settings.consecutiveFailures = 3
  let regions = Endpoints("regions", ["eu", "us"], settings)
  let answer = try await regions.run(through: retry) { region in try await ask(region) }
  _ = answer

  try regions.add("asia")
  regions.remove("us")
  try regions.replaceAll(with: registered)
  for region in regions.snapshot { print(region.endpoint, region.state) }
}

private func inside(
  regions: Endpoints<String>,
  outer: some Policy,
  attempt: Timeout
) async throws {
  let answer = try await regions.run(through: outer) { region in
    try await attempt.run { try await ask(region) }
  }
  _ = answer
}

private func outside(regions: Endpoints<String>) async throws {
  let answer = try await regions.run(through: Timeout(.seconds(1))) { region in
    try await ask(region)
  }
  _ = answer
}

private func once(regions: Endpoints<String>, retry: Retry) async throws {
  let answer = try await regions.run { region in
    try await retry.run { try await ask(region) }
  }
  _ = answer
}
