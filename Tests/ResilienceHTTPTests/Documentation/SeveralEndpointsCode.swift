import Foundation
import Resilience
import ResilienceHTTP

// The code of the article on several endpoints, compiled. Never run.

private struct User: Decodable {}

private func articleEndpoints(
  first: URL,
  second: URL,
  third: URL,
  fourth: URL,
  registered: [URL],
  id: Int
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
}
