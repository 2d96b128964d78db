import Foundation
import Resilience
import ResilienceTesting
import Testing

/// What the tables of defaults say is compared with what the code does when nothing is said.
@Suite("The defaults in the pages of the policies")
struct BookDefaultsTests {
  private struct Down: Error {}

  /// What each page has to say; every page has an entry.
  private static let tested: Set<String> = [
    "AdaptiveLimiterArticle", "BulkheadArticle", "CircuitBreakerArticle", "CoalescerArticle",
    "CriticalityArticle", "DeadlineArticle", "EndpointsArticle", "FallbackArticle", "HedgeArticle",
    "KeyedArticle", "PipelineArticle", "RateLimiterArticle", "RetryArticle", "RetryBudgetArticle",
    "ThrottleArticle", "TimeoutArticle",
  ]

  /// The rows of the table in a page's section on defaults, as settings and values.
  private func rows(_ page: String) throws -> [String: String] {
    let rows = try BookTests.section("Defaults", of: page).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }.dropFirst()
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return (cells[0].replacing("`", with: ""), cells[1])
      }
    )
  }

  private func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "none" }

  /// The settings of a policy's only stage.
  private func settings(of layer: some PolicyLayer) -> [String: String] {
    Dictionary(layer.stages[0].settings.map { ($0.name, $0.value) }) { first, _ in first }
  }

  @Test("Every page of a policy is here")
  func all() {
    #expect(Self.tested == Set(BookTests.policies))
  }

  @Test("Circuit breaker")
  func breaker() throws {
    let settings = CircuitBreaker("x").settings
    let halfOpen = settings.halfOpen
    #expect(
      try rows("CircuitBreakerArticle") == [
        "trip": "\(settings.trip)",
        "slowAfter": text(settings.slowAfter),
        "open": "\(settings.open)",
        "halfOpen.probes": "\(halfOpen.probes)",
        "halfOpen.passing": halfOpen.passing == nil ? "as many successes as probes" : "?",
        "halfOpen.lease": "\(halfOpen.lease)",
        "halfOpen.limit": text(halfOpen.limit),
        "halfOpen.ramp": halfOpen.ramp.isEmpty ? "none" : "?",
        "halfOpen.excess": "\(halfOpen.excess)",
        "grace": "\(settings.grace)",
        "startsOpen": "\(settings.startsOpen)",
      ]
    )
  }

  @Test("Retry")
  func retry() throws {
    let settings = RetrySettings()
    #expect(
      try rows("RetryArticle") == [
        "attempts": "\(settings.attempts)",
        "totalDuration": text(settings.totalDuration),
        "backoff": "\(settings.backoff)",
        "longestHint": "\(settings.longestHint)",
        "longestRefusal": text(settings.longestRefusal),
        "budget": text(settings.budget),
      ]
    )
    #expect(self.settings(of: Retry())["attempts"] == "\(settings.attempts)")
  }

  @Test("Retry budget: what is granted at once, per call, and per second")
  func budget() async throws {
    let clock = ManualClock()
    let budget = RetryBudget(timeline: Timeline(clock))
    let capacity = budget.available
    /// How many extra calls a call that fails is granted.
    func granted(to attempts: Int) async -> Int {
      var calls = 0
      let retry = Retry(
        attempts: attempts,
        backoff: .none,
        budget: budget,
        timeline: Timeline(clock)
      )
      try? await retry.run {
        calls += 1
        throw Down()
      }
      return calls - 1
    }
    _ = await granted(to: .max)
    #expect(budget.available == 0)
    clock.advance(by: .milliseconds(999))
    // A call puts in less than a token, so that this asks for the floor.
    #expect(await granted(to: 2) == 0)
    clock.advance(by: .milliseconds(1))
    let floor = await granted(to: .max)
    let ratio = "\(budget)".components(separatedBy: " ")[0]
    #expect(
      try rows("RetryBudgetArticle") == [
        "ratio": ratio, "floor": "\(floor)", "capacity": "\(capacity)",
      ]
    )
  }

  @Test("Timeout: of an abandoning one; a limit has no default")
  func timeout() throws {
    let most = settings(of: AbandoningTimeout(.seconds(1)))["atMost"]
    #expect(try rows("TimeoutArticle") == ["atMost": text(most)])
  }

  @Test("Deadline: none, and measured by the world's time in a world")
  func deadline() async throws {
    #expect(Deadline.current == nil)
    try await Simulation(seed: 1).run { world in
      let deadline = Deadline(in: .seconds(9))
      try await world.sleep(for: .seconds(9))
      try world.require(deadline.remaining == .zero, "\(deadline.remaining)")
    }
    #expect(
      try rows("DeadlineArticle") == [
        "Deadline.current": "none",
        "on": "the timeline of the simulated world, or else the system's",
      ]
    )
  }

  @Test("Bulkhead")
  func bulkhead() throws {
    let settings = BulkheadSettings()
    #expect(
      try rows("BulkheadArticle") == [
        "limit": "\(settings.limit)",
        "queue.limit": "\(settings.queue.limit)",
        "queue.maxWait": "\(settings.queue.maxWait)",
        "queue.order": "\(settings.queue.order)",
        "queue.dropping": settings.queue.dropping == nil ? "none" : "?",
        "shares": "\(settings.shares)",
      ]
    )
  }

  @Test("Adaptive limiter")
  func adaptive() throws {
    let limiter = AdaptiveLimiter("x", AdaptiveLimiterSettings())
    let rows = try rows("AdaptiveLimiterArticle")
    #expect(rows.filter { !["classifier", "overload"].contains($0.key) } == settings(of: limiter))
    #expect(rows["classifier"] == "standard")
    let overload = AdaptiveLimiterSettings().overload
    #expect(overload(TimedOut(policy: "x", limit: .zero)) && !overload(Down()))
    #expect(
      rows["overload"]
        == "a timeout, or an error that asks to come again later or was not processed"
    )
  }

  @Test("Rate limiter")
  func rateLimiter() async throws {
    let bucket = RateLimiter("x", .tokenBucket(7, per: .seconds(1)))
    let smooth = RateLimit.smooth(7, per: .seconds(1))
    var expected = settings(of: bucket)
    expected["limit"] = nil
    expected["burst"] = bucket.available == 7 ? "as many as permits" : "?"
    expected["warmUp"] = smooth == .smooth(7, per: .seconds(1), warmUp: .zero) ? "0.0 seconds" : "?"
    let isThree = smooth == .smooth(7, per: .seconds(1), coldFactor: 3)
    expected["coldFactor"] = isThree ? "3.0" : "?"
    #expect(try rows("RateLimiterArticle") == expected)
  }

  @Test("Throttle")
  func throttle() throws {
    #expect(try rows("ThrottleArticle") == settings(of: AdaptiveThrottle("x")))
  }

  @Test("Hedge")
  func hedge() async throws {
    let hedge = Hedge(after: .onFailure)
    var expected = settings(of: hedge)
    expected["after"] = nil
    // Asked for no call in particular, it makes every one again that fails.
    let attempts = EventRecorder()
    let eager = Hedge(after: .onFailure, observer: attempts)
    _ = try? await eager.run { _ in throw Down() }
    expected["when"] = attempts.events.count == 1 ? "every call" : "?"
    #expect(try rows("HedgeArticle") == expected)
  }

  @Test("Fallback and last good value")
  func fallback() async throws {
    let fallback = Fallback(1)
    let isAnswered = try await fallback.run { throw Down() } == 1
    #expect(
      try rows("FallbackArticle") == [
        "handles": isAnswered ? "every error" : "?",
        "name of a fallback": fallback.name,
        "name of a last good value": LastGood<Int>(for: .seconds(1)).name,
      ]
    )
  }

  @Test("Coalescer: nothing to set")
  func coalescer() throws {
    #expect(Coalescer<Int, Int>().count == 0)
    #expect(try rows("CoalescerArticle").isEmpty)
    #expect(try BookTests.section("Defaults", of: "CoalescerArticle").contains("nothing to set"))
  }

  @Test("Policies by key")
  func keyed() throws {
    let policies = Keyed<Int, NoPolicy> { _ in NoPolicy() }
    #expect(
      try rows("KeyedArticle") == [
        "limit": "\(policies.limit)",
        "idleAfter": policies.idleAfter.map { "\($0)" } ?? "never",
      ]
    )
  }

  @Test("Endpoints, every setting")
  func endpoints() throws {
    let settings = EndpointSettings()
    let code = Mirror(reflecting: settings).children.map { ($0.label ?? "", "\($0.value)") }
    #expect(try rows("EndpointsArticle") == Dictionary(code) { first, _ in first })
    #expect(Endpoints("x", ["a"]).settings == settings)
  }

  @Test("Criticality")
  func criticality() throws {
    let usual = Set([TaskPriority.medium, .high].map { Criticality($0) })
    #expect(
      try rows("CriticalityArticle") == [
        "Criticality.stated": text(Criticality.stated),
        "in a task of priority background": "\(Criticality(.background))",
        "in a task of priority utility": "\(Criticality(.utility))",
        "in a task of priority medium or high": usual == [.critical] ? "critical" : "?",
        "CriticalityShares()": "\(CriticalityShares())",
      ]
    )
  }

  @Test("The presets of pipelines")
  func pipelines() throws {
    let presets: [(String, Pipeline<AnyPolicy>)] = [
      ("standard", .standard("x")), ("fastFail", .fastFail("x")), ("patient", .patient("x")),
    ]
    let lines = try BookTests.section("Defaults", of: "PipelineArticle").split(separator: "\n")
    for (name, preset) in presets {
      let row = try #require(lines.first { $0.hasPrefix("| ``Pipeline/\(name)(") })
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let limit = preset.stages.compactMap(\.timeLimit).max()
      #expect(cells[2...] == ["\(preset.mostCalls)", text(limit)], "\(name)")
    }
    #expect(lines.count { $0.hasPrefix("| ``Pipeline/") } == presets.count)
  }
}
