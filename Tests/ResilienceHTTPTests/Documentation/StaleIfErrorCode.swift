import Foundation
import Resilience
import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// The code of the article on stale responses, compiled. Never run.

private struct PriceList: Decodable {}

private func articleStale(
  session: URLSession,
  request: URLRequest,
  pipeline: Pipeline<AnyPolicy>,
  catalogue: HTTPService<AnyPolicy>
) async throws {
  let kept = StaleIfError(for: .seconds(600))
  let page = try await session.data(for: request, through: pipeline, keeping: kept)
  if page.isStale { print("as of a while ago, since \(page.cause as Any)") }

  let prices = try await catalogue.get("prices", as: PriceList.self, keeping: kept)
  switch prices.source {
  case .service: print("new")
  case .kept(let age, _, let cause): print("\(age) old, since \(cause)")
  }
}
