import Foundation
import Resilience
import ResilienceHTTP

// The code of the article on several endpoints, compiled. Never run.

private struct User: Decodable {}

private func ask(_ region: String) async throws -> Int { 0 }

private func articleEndpoints(
  first: URL,
  second: URL,
  third: URL,
  fourth: URL,
  registered: [URL],
  id: Int,
  retry: Retry
) async throws {
  let users = HTTPEndpoints(
    "users",
    [first, second, third],
    pipeline: Pipeline("users") {
      Timeout(.seconds(5))
      Retry(attempts: 3)
      CircuitBreaker("users")
    },
    each: Timeout(.seconds(1))
  )
  let user = try await users.get("users/\(id)", as: User.self)
  _ = user

  try users.endpoints.add(fourth)
  users.endpoints.remove(first)
  try users.endpoints.replaceAll(with: registered)
  for endpoint in users.endpoints.snapshot { print(endpoint.endpoint, endpoint.state) }

  var settings = EndpointSettings()
  settings.choice = .roundRobin
  settings.consecutiveFailures = 3
  let regions = Endpoints("regions", ["eu", "us"], settings)
  let answer = try await regions.run(through: retry) { region in try await ask(region) }
  _ = answer
}
