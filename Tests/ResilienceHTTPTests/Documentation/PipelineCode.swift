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

private func perCall(gateway: Gateway, order: Order) async throws {
  func charge(_ order: Order) async throws -> Int {
    let payments = Pipeline("payments") {
      CircuitBreaker("payments")
      Timeout(.seconds(1))
    }
    return try await payments.run { try await gateway.charge(order) }
  }
  _ = try await charge(order)
}

private struct Payments {
  let gateway: Gateway
  let pipeline = Pipeline<AnyPolicy>.standard("payments")

  func charge(_ order: Order) async throws -> Int {
    try await pipeline.run { try await gateway.charge(order) }
  }
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
