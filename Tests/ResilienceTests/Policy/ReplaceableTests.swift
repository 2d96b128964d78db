import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Replaceable policies")
struct ReplaceableTests {
  @Test("An invalid configuration keeps the last good policy")
  func invalid() async throws {
    let bulkhead = Bulkhead(limit: 7, name: "old")
    let live = Replaceable(bulkhead)
    #expect(throws: InvalidSetting.self) {
      try live.replace {
        var settings = BulkheadSettings()
        settings.limit = -1
        try settings.validate()
        return Bulkhead(settings, name: "new")
      }
    }
    #expect(live.current.name == "old")
    #expect(try await live.run { 1 } == 1)
  }

  @Test("Calls in flight settle on the old instance, new ones run under the new one")
  func inFlight() async throws {
    let old = Bulkhead(limit: 1, name: "old")
    let new = Bulkhead(limit: 2, name: "new")
    let live = Replaceable(old)
    let call = HeldCall()
    let task = Task { try await live.run { try await call.run() } }
    await call.hasBegun()
    live.replace { new }
    try await live.run {
      #expect(old.running == 1)
      #expect(new.running == 1)
    }
    call.succeed()
    _ = try await task.value
    #expect(old.isAtRest && new.isAtRest)
  }

  @Test("A breaker keeps what it knows when the pipeline around it is replaced, settings and all")
  func sharedBreaker() async throws {
    let breaker = CircuitBreaker("b", trip: .consecutiveFailures(1))
    func pipeline(_ attempts: Int) -> Pipeline<AnyPolicy> {
      Pipeline("p") {
        AnyPolicy(
          Pipeline("inner") {
            Retry(attempts: attempts, backoff: .none)
            breaker
          }
        )
      }
    }
    let live = Replaceable(pipeline(1))
    await #expect(throws: Boom.self) { try await live.run { throw Boom() } }
    live.replace { pipeline(3) }
    #expect(live.mostCalls == 3)
    await #expect(throws: CircuitOpen.self) { try await live.run {} }
    #expect(!live.stages.isEmpty)
  }

  @Test("Replacing while many call disturbs nobody")
  func concurrency() async throws {
    let live = Replaceable(Bulkhead(limit: 1_000))
    try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<500 { try await live.run { await Task.yield() } } }
      }
      group.addTask {
        for _ in 0..<500 {
          live.replace { Bulkhead(limit: 1_000) }
          await Task.yield()
        }
      }
      try await group.waitForAll()
    }
    #expect(live.isAtRest)
  }
}
