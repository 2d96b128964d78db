import Foundation
import Resilience
import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// The code of the article on policies for each host, compiled. Never run.

private func articleHosts(session: URLSession, request: URLRequest, url: URL) async throws {
  let hosts = HTTPHosts.standard()
  let (data, response) = try await session.data(for: request, through: hosts)
  _ = (data, response)

  let api = HTTPHosts(routes: ["/search", "/users/{id}"]) { target in
    Pipeline("\(target)") {
      CircuitBreaker("\(target)")
      Bulkhead(limit: 32, name: "\(target)")
      Timeout(.seconds(3), name: "\(target)")
    }
  }
  let users = HTTPService(baseURL: url, pipeline: try api.policy(for: url))
  for (target, policies) in api.policies.snapshot() where !policies.isAtRest {
    print("\(target) is in trouble, or at work")
  }
  _ = users
}
