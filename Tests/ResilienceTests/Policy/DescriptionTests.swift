import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Descriptions of pipelines")
struct DescriptionTests {
  @Test(
    "A pipeline prints its order, its settings, what one call becomes, and what is questionable"
  )
  func describe() {
    let pipeline = Pipeline("payments") {
      Timeout(.seconds(2), name: "total")
      Retry(attempts: 3, backoff: .constant(.seconds(1)), budget: RetryBudget())
      CircuitBreaker("payments", trip: .consecutiveFailures(5))
      Bulkhead(limit: 64)
    }
    #expect(
      pipeline.describe(isRepeatable: false) == """
        payments: one call becomes at most 3
          1. timeout “total”: limit 2.0 seconds
          2. retry: attempts 3, backoff a pause of 1.0 seconds, totalDuration none, budget 0.2 per call, up to 100 at once
          3. circuit breaker “payments”: trip 5 failures in a row, open 30.0 seconds, slowAfter none, probes 1
          4. bulkhead: limit 64, queue none, shares all
          ! bulkheadInsideRetryWithoutWait: bulkhead refuses without letting wait, within a retry
          ! breakerWithoutTimeoutInside: circuit breaker “payments” does not count calls that hang: the timeout is further out
          ! retryOnNonIdempotent: retry repeats what must not be carried out twice
        """
    )
  }

  @Test("Pipelines in pipelines, choices and erased policies show what is in them")
  func compositions() {
    let isCareful = true
    let parent = CircuitBreaker("host")
    let child = CircuitBreaker("endpoint", BreakerSettings(), parent: parent)
    let pipeline = Pipeline("outer") {
      if isCareful { Retry(attempts: 2) }
      Pipeline("inner") { AnyPolicy(child) }
      if !isCareful { Retry(attempts: 2) }
      Timeout(.seconds(1))
    }
    #expect(
      pipeline.stages.map { "\($0.kind) \($0.name)" } == [
        "retry retry", "circuit breaker host", "circuit breaker endpoint", "timeout timeout",
      ]
    )
    #expect(pipeline.isAtRest)
  }

  @Test("The most calls of the stages are those of the pipeline")
  func mostCalls() {
    for attempts in [1, 2, 5, .max] {
      let pipeline = Pipeline("p") {
        Retry(attempts: attempts)
        Retry(attempts: 3)
      }
      #expect(pipeline.stages.mostCalls == pipeline.mostCalls)
    }
  }

  @Test("A policy of one's own says what it is by its type")
  func custom() {
    struct Mine: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T { try await operation() }
    }
    #expect(
      Mine().describe()
        == "policies: one call becomes at most 1\n  1. policy “Mine”\n  ! noTimeout: nothing bounds how long a call takes"
    )
    #expect(Mine().isAtRest)
  }

  @Test("What stands around a pipeline shows itself too")
  func layers() {
    let layers: [any PolicyLayer] = [
      Hedge(after: .onFailure, attempts: 3), Fallback(1), LastGood<Int>(for: .seconds(1)),
      Coalescer<Int, Int>(), AbandoningTimeout(.seconds(1)),
    ]
    #expect(
      layers.flatMap(\.stages).map(\.kind) == [.hedge, .fallback, .fallback, .coalescer, .timeout]
    )
    #expect(layers[0].stages.mostCalls == 3)
  }
}
