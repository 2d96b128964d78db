import Resilience
import Testing

// The code of the article on pipelines, compiled; the part that prints is also run.

private struct Order {}

private struct Gateway {
  func charge(_ order: Order) async throws -> Int { 0 }
}

private struct Configuration {}

private func pipeline(from configuration: Configuration) throws -> Pipeline<NoPolicy> {
  Pipeline("configured") { NoPolicy() }
}

private func article(
  hedge: Hedge,
  gateway: Gateway,
  order: Order,
  configuration: Configuration
) async throws {
  let payments = Pipeline("payments") {
    Timeout(.seconds(2), name: "whole call")
    Retry(attempts: 3, backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1)))
    CircuitBreaker("payments")
    Bulkhead(limit: 64, queue: 128)
    Timeout(.milliseconds(500), name: "each attempt")
  }
  print(payments.describe())

  let findings = payments.lint()
  assert(findings.isEmpty, payments.describe())

  let problems = LintFinding.all(in: hedge.stages + payments.stages, isRepeatable: false)
  _ = problems

  let live = Replaceable(AnyPolicy(payments))
  let receipt = try await live.run { try await gateway.charge(order) }
  try live.replace { AnyPolicy(try pipeline(from: configuration)) }
  _ = receipt
}

@Suite("The article on pipelines")
struct PipelineArticleTests {
  @Test("What it says that is printed is what is printed")
  func printed() throws {
    let payments = Pipeline("payments") {
      Timeout(.seconds(2), name: "whole call")
      Retry(attempts: 3, backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1)))
      CircuitBreaker("payments")
      Bulkhead(limit: 64, queue: 128)
      Timeout(.milliseconds(500), name: "each attempt")
    }
    #expect(try DocumentationTests.text(of: "PipelineArticle").contains(payments.describe()))
  }
}
