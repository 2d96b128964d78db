import Resilience
import ResilienceTesting
import Testing

// The code of the article on retry budgets, compiled; its figures are found out.

private struct User {}

private struct Service {
  func user(_ id: Int) async throws -> User { User() }
}

private func shared() {
  let budget = RetryBudget(ratio: 0.1)
  let reads = Retry(attempts: 3, budget: budget)
  let slowTail = Hedge(
    after: .quantile(0.95, atLeast: .milliseconds(5), upTo: .milliseconds(200)),
    budget: budget
  )
  print("\(budget.available) extra calls are left")
  _ = (reads, slowTail)
}

private func perCall(service: Service) async throws {
  func user(_ id: Int) async throws -> User {
    let retry = Retry(attempts: 3, budget: RetryBudget())
    return try await retry.run { try await service.user(id) }
  }
  _ = try await user(1)
}

private func once(service: Service) async throws {
  struct Users {
    let service: Service
    let retry = Retry(attempts: 3, budget: RetryBudget())

    func user(_ id: Int) async throws -> User {
      try await retry.run { try await service.user(id) }
    }
  }
  _ = try await Users(service: service).user(1)
}

@Suite("The article on retry budgets")
struct RetryBudgetArticleTests {
  private struct Down: Error {}

  private func calls(_ budget: RetryBudget?) async -> Int {
    let retry = Retry(attempts: 3, backoff: .none, budget: budget)
    var calls = 0
    for _ in 1...1_000 {
      try? await retry.run {
        calls += 1
        throw Down()
      }
    }
    return calls
  }

  @Test("A thousand calls that fail make as many calls as it says")
  func figures() async throws {
    let text = try DocumentationTests.text(of: "RetryBudgetArticle")
    let budget = RetryBudget(timeline: Timeline(ManualClock()))
    #expect(text.contains("| without a budget | \(await calls(nil)) |"))
    #expect(text.contains("| with the default budget | \(await calls(budget)) |"))
  }
}
