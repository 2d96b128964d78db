import Resilience

// More code of the article on hedges: see DocumentationCode.swift. Never run.

private struct User: Sendable {}

private struct Replica: Sendable {
  func user(_ id: Int) async throws -> User { User() }
}

private func around(
  hedge: Hedge,
  payments: Pipeline<AnyPolicy>,
  replicas: [Replica],
  id: Int
) async throws {
  let fastest = try await hedge.run { attempt in
    try await payments.run { try await replicas[attempt % replicas.count].user(id) }
  }
  _ = fastest

  let wrong = LintFinding.all(in: hedge.stages + payments.stages, isRepeatable: false)
  _ = wrong
}

private func delays() {
  let greedy = Hedge(after: .fixed(.milliseconds(10)))
  _ = greedy

  let modest = Hedge(
    after: .quantile(0.95, atLeast: .milliseconds(10), upTo: .seconds(1)),
    budget: RetryBudget(ratio: 0.05)
  )
  _ = modest
}
