import Foundation
import Resilience
import Testing

// The pipelines that articles warn of, and what they say instead: compiled, and shown to lint.

@Suite("Anti-patterns in the articles")
struct AntiPatternTests {
  /// What lint finds, but for how many policies of a name the whole process has made.
  private func rules(_ pipeline: some Policy, isRepeatable: Bool = true) -> [LintFinding.Rule] {
    pipeline.lint(isRepeatable: isRepeatable).map(\.rule).filter { $0 != .policyMadePerCall }
  }

  @Test("A breaker needs its timeout inside")
  func breaker() {
    let wrong = Pipeline("payments") {
      Timeout(.seconds(1))
      CircuitBreaker("payments")
    }
    #expect(rules(wrong) == [.breakerWithoutTimeoutInside])

    let right = Pipeline("payments") {
      CircuitBreaker("payments")
      Timeout(.seconds(1))
    }
    #expect(rules(right).isEmpty)
  }

  @Test("A retry needs a breaker inside, and no other retry")
  func retry() {
    let wrong = Pipeline("users") {
      Timeout(.seconds(5))
      Retry(attempts: 3)
    }
    #expect(rules(wrong) == [.retryWithoutBreaker])

    let right = Pipeline("users") {
      Timeout(.seconds(5))
      Retry(attempts: 3)
      CircuitBreaker("users")
      Timeout(.seconds(1))
    }
    #expect(rules(right).isEmpty)

    let twice = Pipeline("users") {
      Retry(attempts: 3, name: "client")
      Retry(attempts: 4, name: "transport")
      CircuitBreaker("users")
      Timeout(.seconds(1))
    }
    #expect(rules(twice) == [.nestedRetries])
    #expect(twice.mostCalls == 12)

    let stubborn = Pipeline("users") {
      Retry(attempts: .max)
      CircuitBreaker("users")
      Timeout(.seconds(1))
    }
    #expect(rules(stubborn) == [.unboundedAmplification])
  }

  @Test("What must happen once is not repeated")
  func once() {
    let payments = Pipeline<AnyPolicy>.standard("payments")
    let findings = payments.lint(isRepeatable: false)
    #expect(findings.map(\.rule) == [.retryOnNonIdempotent])

    let hedge = Hedge(after: .fixed(.seconds(1)))
    let wrong = LintFinding.all(in: hedge.stages + payments.stages, isRepeatable: false)
    #expect(
      wrong.map(\.rule) == [.nestedRetries, .retryOnNonIdempotent, .hedgeOnNonIdempotent]
    )
  }

  @Test("A timeout must be able to strike, and there must be one")
  func timeout() {
    let wrong = Pipeline("users") {
      Timeout(.seconds(1), name: "whole call")
      Retry(attempts: 3)
      CircuitBreaker("users")
      Timeout(.seconds(2), name: "attempt")
    }
    #expect(rules(wrong) == [.attemptTimeoutLongerThanTotal])

    let endless = Pipeline("users") {
      Retry(attempts: 3)
      CircuitBreaker("users")
    }
    #expect(rules(endless) == [.noTimeout])
  }

  @Test("A bulkhead stands inside the retry, and lets wait for a while")
  func bulkhead() {
    let wrong = Pipeline("inventory") {
      Bulkhead(limit: 64, queue: 128)
      Retry(attempts: 3)
      CircuitBreaker("inventory")
      Timeout(.seconds(1))
    }
    #expect(rules(wrong) == [.bulkheadOutsideRetry])

    let right = Pipeline("inventory") {
      Retry(attempts: 3)
      CircuitBreaker("inventory")
      Bulkhead(limit: 64, queue: 128)
      Timeout(.seconds(1))
    }
    #expect(rules(right).isEmpty)

    let abrupt = Pipeline("inventory") {
      Retry(attempts: 3)
      CircuitBreaker("inventory")
      Bulkhead(limit: 64)
      Timeout(.seconds(1))
    }
    #expect(rules(abrupt) == [.bulkheadInsideRetryWithoutWait])

    let patient = Pipeline("inventory") {
      Timeout(.seconds(1), name: "whole call")
      Bulkhead(limit: 64, queue: 1_000, maxWait: .seconds(5))
    }
    #expect(rules(patient) == [.waitLongerThanTimeout])
  }

  @Test("So does an adaptive limiter")
  func adaptive() {
    let wrong = Pipeline("search") {
      AdaptiveLimiter("search", queue: 10)
      Retry(attempts: 3)
      CircuitBreaker("search")
      Timeout(.seconds(1))
    }
    #expect(rules(wrong) == [.bulkheadOutsideRetry])

    let right = Pipeline("search") {
      Retry(attempts: 3)
      CircuitBreaker("search")
      AdaptiveLimiter("search", queue: 10)
      Timeout(.seconds(1))
    }
    #expect(rules(right).isEmpty)
  }

  @Test("A rate limiter within a retry lets wait")
  func rateLimiter() {
    let wrong = Pipeline("search") {
      Retry(attempts: 3)
      CircuitBreaker("search")
      RateLimiter("search", .tokenBucket(100, per: .seconds(1)))
      Timeout(.seconds(1))
    }
    #expect(rules(wrong) == [.bulkheadInsideRetryWithoutWait])

    let right = Pipeline("search") {
      Retry(attempts: 3)
      CircuitBreaker("search")
      RateLimiter("search", .tokenBucket(100, per: .seconds(1)), maxWait: .milliseconds(200))
      Timeout(.seconds(1))
    }
    #expect(rules(right).isEmpty)
  }

  @Test("Of a throttle lint has nothing to say, as the article says")
  func throttle() {
    let wrong = Pipeline("search") {
      Timeout(.seconds(1))
      AdaptiveThrottle("search")
    }
    let right = Pipeline("search") {
      AdaptiveThrottle("search")
      Timeout(.seconds(1))
    }
    #expect(rules(wrong).isEmpty && rules(right).isEmpty)
  }
}

@Suite("The article on the order")
struct OrderArticleTests {
  private let whole = Timeout(.seconds(5), name: "whole call")
  private let retry = Retry(attempts: 3)
  private let breaker = CircuitBreaker("inventory")
  private let places = Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200))
  private let rate = RateLimiter(
    "inventory",
    .tokenBucket(100, per: .seconds(1)),
    maxWait: .milliseconds(200)
  )
  private let attempt = Timeout(.seconds(1), name: "each attempt")

  /// What lint finds, but for how many policies of a name the whole process has made.
  private func rules(@PipelineBuilder of policies: () -> some Policy) -> [LintFinding.Rule] {
    policies().lint().map(\.rule).filter { $0 != .policyMadePerCall }
  }

  @Test("The standard order leaves nothing to say")
  func standard() {
    let inventory = Pipeline("inventory") {
      Timeout(.seconds(5), name: "whole call")
      Retry(attempts: 3, budget: RetryBudget())
      CircuitBreaker("inventory")
      AdaptiveThrottle("inventory")
      RateLimiter("inventory", .tokenBucket(100, per: .seconds(1)), maxWait: .milliseconds(200))
      Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200))
      Timeout(.seconds(1), name: "each attempt")
    }
    #expect(inventory.lint().isEmpty, "\(inventory.describe())")
  }

  @Test("Each swap is found by the rule that the article names, or by none")
  func swaps() {
    let breakerOutside = rules {
      whole
      breaker
      retry
      places
      attempt
    }
    #expect(breakerOutside == [.retryWithoutBreaker])
    let attemptOutside = rules {
      whole
      retry
      attempt
      breaker
      places
    }
    #expect(attemptOutside == [.breakerWithoutTimeoutInside])
    let placesOutside = rules {
      whole
      places
      retry
      breaker
      attempt
    }
    #expect(placesOutside == [.bulkheadOutsideRetry])
    let beforeTheBreaker = rules {
      whole
      retry
      places
      breaker
      attempt
    }
    #expect(beforeTheBreaker == [])
    let withinTheAttempt = rules {
      whole
      retry
      breaker
      attempt
      places
    }
    #expect(withinTheAttempt == [])
    let longWithinTheAttempt = rules {
      whole
      retry
      breaker
      attempt
      Bulkhead(limit: 64, queue: 128, maxWait: .seconds(1))
    }
    #expect(longWithinTheAttempt == [.waitLongerThanTimeout])
    let rateOutside = rules {
      whole
      rate
      retry
      breaker
      attempt
    }
    #expect(rateOutside == [])
    let wholeInside = rules {
      retry
      whole
      breaker
      attempt
    }
    #expect(wholeInside == [])
    let wholeInnermost = rules {
      retry
      breaker
      attempt
      whole
    }
    #expect(wholeInnermost == [.attemptTimeoutLongerThanTotal])
  }

  @Test("Every rule of lint is in the table")
  func everyRule() throws {
    let text = try DocumentationTests.text(of: "InWhichOrderArticle")
      .components(separatedBy: "## All rules")[1]
    for rule in LintFinding.Rule.allCases {
      #expect(text.contains("| ``LintFinding/Rule/\(rule.rawValue)`` |"))
    }
  }
}
