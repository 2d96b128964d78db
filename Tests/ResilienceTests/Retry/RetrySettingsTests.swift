import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Retry settings")
struct RetrySettingsTests {
  private let clock = ManualClock()
  private let calls = Counter()

  private struct Advice: CallError {
    let verdict: Verdict
    let retryAdvice: RetryAdvice
  }

  private func retry(_ change: (inout RetrySettings) -> Void) -> Retry {
    var settings = RetrySettings()
    settings.backoff = .none
    change(&settings)
    return Retry(
      settings,
      timeline: Timeline(clock),
      random: RandomSource(SplitMix64(seed: 1))
    )
  }

  @Test("No pause is made that could not be followed by an attempt within the total duration")
  func totalDuration() async {
    let ends = Recorder<RetryEndReason>()
    let retry = retry {
      $0.attempts = 10
      $0.totalDuration = .seconds(10)
      $0.backoff = .constant(.seconds(4))
      $0.gaveUp = { ends($0.reason) }
    }
    let task = Task { [calls] in
      try await retry.run {
        calls.add()
        throw Boom()
      }
    }
    // Attempts at 0, 4 and 8 s; the next would begin at 12 s.
    for _ in 0..<2 {
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(4))
    }
    await #expect(throws: Boom.self) { try await task.value }
    #expect(ends.all == [.outOfTime])
    #expect(calls.value == 3)
    #expect(clock.now.offset == .seconds(8))
  }

  @Test("Errors to stop on, advice against it and exhausted attempts are told apart")
  func reasons() async {
    let forbidden = Advice(verdict: .failure, retryAdvice: .forbidden)
    let late = Advice(verdict: .failure, retryAdvice: .allowedAfter(.seconds(301)))
    for (error, reason, count) in [
      (Boom(number: 1), RetryEndReason.attemptsExhausted, 3), (Boom(number: 2), .notRepeatable, 1),
      (forbidden, .notRepeatable, 1), (late, .notRepeatable, 1),
    ] as [(any Error, RetryEndReason, Int)] {
      let calls = Counter()
      let ends = Recorder<RetryEnd>()
      let retry = retry {
        $0.stopsOn = { ($0 as? Boom)?.number == 2 }
        $0.gaveUp = { ends($0) }
      }
      _ = try? await retry.run {
        calls.add()
        throw error
      }
      #expect(calls.value == count, "\(error)")
      #expect(ends.all.map(\.reason) == [reason], "\(error)")
      #expect(ends.all.map(\.attempts) == [count], "\(error)")
    }
  }

  @Test("A success and a cancellation are no giving up")
  func noGivingUp() async throws {
    let ends = Recorder<RetryEnd>()
    let retry = retry { $0.gaveUp = { ends($0) } }
    try await retry.run {}
    _ = try? await retry.run { throw CancellationError() }
    #expect(ends.all.isEmpty)
  }

  @Test("A delay that an error asks for is never cut short; jitter makes it up to a tenth longer")
  func floor() async throws {
    for seed in 0..<200 as Range<UInt64> {
      await Task.yield()
      let pauses = Recorder<Duration>()
      var settings = RetrySettings()
      settings.attempts = 2
      settings.backoff = .exponential(from: .milliseconds(1), upTo: .milliseconds(1))
      settings.beforePause = { pauses($0.duration) }
      let clock = ManualClock()
      let retry = Retry(
        settings,
        timeline: Timeline(clock),
        random: RandomSource(SplitMix64(seed: seed))
      )
      let task = Task {
        try await retry.run {
          throw Advice(verdict: .failure, retryAdvice: .allowedAfter(.seconds(10)))
        }
      }
      await clock.sleepers(atLeast: 1)
      #expect(.seconds(10) <= pauses.all[0] && pauses.all[0] <= .seconds(11))
      clock.advance(by: .milliseconds(9_999))
      #expect(clock.sleepers == 1)
      clock.advance(by: .seconds(2))
      _ = await task.result
    }
  }

  @Test("What the callee has not acted on is retried even when it says nothing about the callee")
  func notProcessed() async {
    let unheard = Advice(verdict: .ignored, retryAdvice: .notProcessed)
    _ = try? await retry { $0.attempts = 3 }.run {
      calls.add()
      throw unheard
    }
    #expect(calls.value == 3)
  }

  @Test("A refusal is waited for, exactly, if the settings say so and it fits")
  func waitsForRefusal() async throws {
    let breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(7),
      timeline: Timeline(clock)
    )
    _ = try? await breaker.run { throw Boom() }
    let pauses = Recorder<Duration>()
    let patient = Pipeline("patient") {
      retry {
        $0.longestRefusal = .seconds(10)
        $0.beforePause = { pauses($0.duration) }
      }
      breaker
    }
    let task = Task { try await patient.run { 7 } }
    await clock.sleepers(atLeast: 1)
    #expect(pauses.all == [.seconds(7)])
    clock.advance(by: .seconds(7))
    #expect(try await task.value == 7)

    _ = try? await breaker.run { throw Boom() }
    let hurried = Pipeline("hurried") {
      retry { $0.longestRefusal = .seconds(6) }
      breaker
    }
    await #expect(throws: CircuitOpen.self) { try await hurried.run {} }
  }

  @Test("Discarded values are handed over once each, the returned one never")
  func discarded() async throws {
    let discarded = Recorder<Int>()
    let retry = retry {
      $0.attempts = 3
      $0.classifier = Classifier.standard.values(of: Int.self) { _ in .failure }
      $0.onDiscard = { value in if let value = value as? Int { discarded(value) } }
    }
    #expect(try await retry.run { calls.add() } == 3)
    #expect(discarded.all == [1, 2])
  }

  @Test("The history of attempts is there for whoever catches the error, which is not wrapped")
  func history() async throws {
    let history = RetryHistory()
    let retry = retry { $0.attempts = 3 }
    await #expect(throws: Boom(number: 3)) {
      try await history.record {
        try await retry.run {
          clock.advance(by: .seconds(2))
          throw Boom(number: calls.add())
        }
      }
    }
    let attempts = history.attempts
    #expect(attempts.map(\.number) == [1, 2, 3])
    #expect(attempts.map(\.start.sinceOrigin) == [.zero, .seconds(2), .seconds(4)])
    #expect(attempts.map(\.duration) == [.seconds(2), .seconds(2), .seconds(2)])
    #expect(attempts.map(\.pause) == [.zero, .zero, nil])
    #expect(
      "\(history)"
        == "[#1 Boom(number: 1) in 2.0 seconds, then 0.0 seconds; "
        + "#2 Boom(number: 2) in 2.0 seconds, then 0.0 seconds; "
        + "#3 Boom(number: 3) in 2.0 seconds]"
    )
  }

  @Test("The history is bounded, and forgets the oldest")
  func boundedHistory() async {
    let history = RetryHistory(limit: 4)
    _ = try? await history.record {
      try await retry { $0.attempts = 10 }.run { throw Boom() }
    }
    #expect(history.attempts.map(\.number) == [7, 8, 9, 10])
    #expect(history.forgotten == 6)
  }

  @Test("Every documented default is the code's")
  func defaults() throws {
    func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "none" }
    let settings = RetrySettings()
    #expect(
      try documentedDefaults("RetryArticle") == [
        "attempts": "\(settings.attempts)",
        "totalDuration": text(settings.totalDuration),
        "backoff": "\(settings.backoff)",
        "longestHint": "\(settings.longestHint)",
        "longestRefusal": text(settings.longestRefusal),
        "budget": text(settings.budget),
      ]
    )
  }

  @Test("Settings out of range are named")
  func invalid() {
    var settings = RetrySettings()
    settings.attempts = 0
    let error = #expect(throws: InvalidSetting.self) { try settings.validate() }
    #expect(error?.description == "attempts is 0, but must be at least 1")
  }
}
