import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// The code of the article on REST services, compiled. Never run.

private struct User: Codable, Sendable {}
private struct Order: Codable, Sendable {}

private struct Parser {
  mutating func feed(_ piece: Data) throws {}
}

private func client(url: URL, id: Int, order: Order) async throws {
  let shop = HTTPService(
    baseURL: url,
    pipeline: Pipeline("shop") {
      Timeout(.seconds(5), name: "whole call")
      Retry(attempts: 3, budget: RetryBudget(ratio: 0.2))
      CircuitBreaker("shop")
      Timeout(.seconds(2), name: "each attempt")
    }
  )
  let user = try await shop.get("users/\(id)", as: User.self)
  try await shop.post("orders", body: order, idempotencyKey: .generated)
  _ = user
}

private func bodies(
  session: URLSession,
  request: URLRequest,
  report: URL,
  archive: URL,
  pipeline: some Policy
) async throws {
  let (answer, _) = try await session.data(for: request, body: .file(report), through: pipeline)
  try await session.download(for: request, to: archive, through: pipeline)
  _ = answer
}

private func streaming(
  session: URLSession,
  request: URLRequest,
  pipeline: some Policy
) async throws {
  var parser = Parser()
  try await session.stream(for: request, through: pipeline) { response, body in
    for try await piece in body { try parser.feed(piece) }
  }
}

private func serving(
  shop: HTTPService<AnyPolicy>,
  fields: HTTPHeaders,
  id: Int
) async throws -> User {
  try await withRequestContext(RequestContext(fields)) {
    try await shop.get("users/\(id)", as: User.self)
  }
}
