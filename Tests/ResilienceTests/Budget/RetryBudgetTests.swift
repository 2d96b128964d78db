import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Retry budget")
struct RetryBudgetTests {
  private let clock = ManualClock()

  private func budget(ratio: Double, floor: Double = 0, capacity: Int = 10) -> RetryBudget {
    RetryBudget(ratio: ratio, floor: floor, capacity: capacity, timeline: Timeline(clock))
  }

  @Test("Drained, the first attempt still passes, and only the extra ones are not made")
  func drained() async {
    let budget = budget(ratio: 0, capacity: 3)
    let calls = Counter()
    let retry = Retry(attempts: 5, backoff: .none, budget: budget, timeline: Timeline(clock))
    for _ in 0..<4 {
      await #expect(throws: Boom.self) {
        try await retry.run {
          calls.add()
          throw Boom()
        }
      }
    }
    // Four ordinary calls and three extra ones.
    #expect(calls.value == 7)
  }

  @Test("Ordinary calls refill it by the ratio, up to its capacity")
  func refill() {
    let budget = budget(ratio: 0.25, capacity: 2)
    #expect(budget.withdraw() && budget.withdraw() && !budget.withdraw())
    for _ in 0..<3 { budget.noteCall() }
    #expect(!budget.withdraw())
    budget.noteCall()
    #expect(budget.withdraw() && !budget.withdraw())
    for _ in 0..<1_000 { budget.noteCall() }
    #expect(budget.available == 2)
  }

  @Test("In quiet times a few extra calls a second are granted in any case, without hoarding")
  func floor() {
    let budget = budget(ratio: 0, floor: 2, capacity: 1)
    #expect(budget.withdraw())
    #expect(budget.withdraw() && !budget.withdraw())
    clock.advance(by: .milliseconds(499))
    #expect(!budget.withdraw())
    clock.advance(by: .milliseconds(1))
    #expect(budget.withdraw() && !budget.withdraw())
    clock.advance(by: .seconds(3_600))
    #expect(budget.withdraw() && !budget.withdraw())
  }

  @Test("Concurrent withdrawals never exceed what is there")
  func concurrency() async {
    for _ in 0..<50 {
      let budget = budget(ratio: 0, capacity: 100)
      let granted = Counter()
      await withTaskGroup { group in
        for _ in 0..<8 {
          group.addTask { for _ in 0..<50 where budget.withdraw() { granted.add() } }
        }
      }
      #expect(granted.value == 100)
    }
  }

  @Test("In an outage a client makes at most 1 + ratio times its calls, and the burst")
  func amplification() async {
    let budget = budget(ratio: 0.2, capacity: 10)
    let retry = Retry(attempts: 4, backoff: .none, budget: budget, timeline: Timeline(clock))
    let calls = Counter()
    for _ in 0..<1_000 {
      _ = try? await retry.run {
        calls.add()
        throw Boom()
      }
    }
    #expect(calls.value <= 1_000 + 200 + 10)
    #expect(calls.value >= 1_000 + 200)
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = RetryBudget(ratio: -1) }
    await #expect(processExitsWith: .failure) { _ = RetryBudget(floor: .infinity) }
    await #expect(processExitsWith: .failure) { _ = RetryBudget(capacity: 0) }
  }
}
