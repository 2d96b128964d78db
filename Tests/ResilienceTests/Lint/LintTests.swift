import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Lint of pipelines")
struct LintTests {
  private let timeline = Timeline(ManualClock())
  private let breaker = CircuitBreaker("b")

  private func rules(_ layer: some PolicyLayer, isRepeatable: Bool = true) -> [LintFinding.Rule] {
    layer.lint(isRepeatable: isRepeatable).map(\.rule)
  }

  private func rules(@PipelineBuilder of policies: () -> some Policy) -> [LintFinding.Rule] {
    rules(policies())
  }

  @Test("The presets leave nothing to say")
  func presets() {
    for preset in [Pipeline.standard("x"), .fastFail("x"), .patient("x")] {
      #expect(preset.lint().isEmpty, "\(preset.describe())")
    }
  }

  @Test("The pipeline of the README leaves nothing to say")
  func readme() {
    let pipeline = Pipeline("payments") {
      Timeout(.seconds(2), name: "whole call")
      Retry(attempts: 3)
      CircuitBreaker("payments")
      Bulkhead(limit: 64, queue: 128)
      Timeout(.milliseconds(500), name: "each attempt")
    }
    #expect(pipeline.lint().isEmpty)
  }

  @Test("A retry needs a breaker further in, not further out")
  func retryWithoutBreaker() {
    let outside = rules {
      breaker
      Retry()
      Timeout(.seconds(1))
    }
    #expect(outside == [.retryWithoutBreaker])
    let single = rules {
      Retry(attempts: 1)
      Timeout(.seconds(1))
    }
    #expect(single.isEmpty)
  }

  @Test("Attempts without a limit are found, alone or multiplied")
  func amplification() {
    let unlimited = rules {
      Retry(attempts: .max)
      breaker
      Timeout(.seconds(1))
    }
    #expect(unlimited == [.unboundedAmplification])
    let nested = Pipeline("p") {
      Retry(attempts: 3, name: "outer")
      Retry(attempts: 4, name: "inner")
      breaker
      Timeout(.seconds(1))
    }
    #expect(
      nested.lint().map(\.description) == [
        "nestedRetries: retry “outer” around retry “inner”: one call becomes up to 12"
      ]
    )
  }

  @Test("A timeout that is not shorter than one further out cannot strike", arguments: [1, 2])
  func vainTimeout(seconds: Int) {
    let pipeline = Pipeline("p") {
      Timeout(.seconds(1), name: "total")
      Retry()
      breaker
      Timeout(.seconds(seconds), name: "attempt")
    }
    #expect(
      pipeline.lint().map(\.description) == [
        """
        attemptTimeoutLongerThanTotal: timeout “attempt” of \(seconds).0 seconds cannot strike \
        within timeout “total” of 1.0 seconds
        """
      ]
    )
  }

  @Test("A timeout whose limit is each call's own is not accused")
  func ownLimit() {
    let own = rules {
      Timeout(.seconds(1))
      breaker
      Timeout(each: { .seconds(5) })
    }
    #expect(own.isEmpty)
  }

  @Test("A bulkhead within a retry lets wait, and one around a retry holds places in vain")
  func bulkheads() {
    let inside = rules {
      Retry()
      breaker
      Bulkhead(limit: 1)
      Timeout(.seconds(1))
    }
    #expect(inside == [.bulkheadInsideRetryWithoutWait])
    let outside = rules {
      Bulkhead(limit: 1, queue: 1)
      Retry()
      breaker
      Timeout(.seconds(5))
    }
    #expect(outside == [.bulkheadOutsideRetry])
    let long = rules {
      Timeout(.seconds(1))
      Bulkhead(limit: 1, queue: 1, maxWait: .seconds(1))
    }
    #expect(long == [.waitLongerThanTimeout])
  }

  @Test("A retry of one attempt is none, and one that waits for refusals repeats a rate limiter's")
  func harmlessRetries() {
    let single = rules {
      Timeout(.seconds(60))
      Retry(attempts: 1)
      Bulkhead(limit: 1)
      Retry(attempts: 1)
    }
    #expect(single.isEmpty)
    func limited(waitingUpTo longest: Duration?) -> [LintFinding.Rule] {
      var settings = RetrySettings()
      settings.longestRefusal = longest
      return rules {
        Retry(settings)
        breaker
        RateLimiter("r", .smooth(1, per: .seconds(1)))
        Timeout(.seconds(1))
      }
    }
    #expect(limited(waitingUpTo: .seconds(5)).isEmpty)
    #expect(limited(waitingUpTo: nil) == [.bulkheadInsideRetryWithoutWait])
  }

  @Test("A queue in which nobody may wait, for no time or with no room, lets nobody wait")
  func vainQueues() {
    let noTime = Bulkhead(limit: 1, queue: 100, maxWait: .zero)
    let noRoom = RateLimiter(
      "r",
      .smooth(1, per: .seconds(1)),
      maxWait: .seconds(1),
      maxWaiting: 0
    )
    #expect(noTime.stages[0].waitLimit == nil && noRoom.stages[0].waitLimit == nil)
    #expect(AdaptiveLimiter("a", queue: 1, maxWait: .zero).stages[0].waitLimit == nil)
  }

  @Test("A breaker within a timeout needs one further in, to count calls that hang")
  func breakerInTimeout() {
    let found = rules {
      Timeout(.seconds(1))
      breaker
    }
    #expect(found == [.breakerWithoutTimeoutInside])
    #expect(
      rules {
        breaker
        Timeout(.seconds(1))
      }.isEmpty
    )
  }

  @Test("Something bounds the time of a call")
  func noTimeout() {
    #expect(rules { breaker } == [.noTimeout])
    #expect(rules { NoPolicy() }.isEmpty)
  }

  @Test("Calls that must not be carried out twice are neither retried nor hedged")
  func nonIdempotent() {
    let pipeline = Pipeline("p") {
      Retry()
      breaker
      Timeout(.seconds(1))
    }
    #expect(rules(pipeline).isEmpty)
    #expect(rules(pipeline, isRepeatable: false) == [.retryOnNonIdempotent])
    let hedge = Hedge(after: .fixed(.seconds(1)))
    let stages = hedge.stages + Timeout(.seconds(1)).stages
    #expect(LintFinding.all(in: stages).isEmpty)
    #expect(
      LintFinding.all(in: stages, isRepeatable: false).map(\.rule) == [.hedgeOnNonIdempotent]
    )
  }

  @Test(
    "A breaker that is made for each call is found by its name; one of many by intention is not"
  )
  func madePerCall() {
    let name = "made per call, in LintTests"
    for _ in 1..<PolicyCensus.suspicious { _ = CircuitBreaker(name) }
    PolicyCensus.$isExempt.withValue(true) {
      for _ in 0..<10 { _ = CircuitBreaker(name) }
    }
    func made() -> [String] {
      LintFinding.all(in: breakerStage(name)).filter { $0.rule == .policyMadePerCall }
        .map(\.message)
    }
    #expect(made().isEmpty)
    let last = CircuitBreaker(name)
    #expect(
      made() == ["circuit breaker “\(name)” was made 1000 times: make it once and share it"]
    )
    #expect(last.lint().map(\.rule).contains(.policyMadePerCall))
  }

  /// What a breaker of that name shows, without making one.
  private func breakerStage(_ name: String) -> [PolicyStage] { [PolicyStage(.breaker, name: name)] }

  @Test("Every policy that remembers is counted, except where many are made by intention")
  func census() {
    let name = "census, in LintTests"
    _ = Bulkhead(limit: 1, name: name)
    _ = RateLimiter(name, .smooth(1, per: .seconds(1)))
    _ = AdaptiveLimiter(name)
    _ = AdaptiveThrottle(name)
    let keyed = Keyed<Int, CircuitBreaker> { _ in CircuitBreaker(name) }
    for key in 0..<5 { _ = keyed[key] }
    let kinds: [PolicyStage.Kind] = [
      .bulkhead, .rateLimiter, .adaptiveLimiter, .throttle, .breaker,
    ]
    #expect(kinds.map { PolicyCensus.count($0, name) } == [1, 1, 1, 1, 0])
  }
}
