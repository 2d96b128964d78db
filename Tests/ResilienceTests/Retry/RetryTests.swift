import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Retry")
struct RetryTests {
  private let clock = ManualClock()
  private let calls = Counter()

  private func retry(
    _ attempts: Int,
    backoff: Backoff = .none,
    judging classifier: Classifier = .standard,
    beforePause: (@Sendable (RetryPause) async -> Void)? = nil
  ) -> Retry {
    Retry(
      attempts: attempts,
      backoff: backoff,
      judging: classifier,
      timeline: Timeline(clock),
      random: RandomSource(SplitMix64(seed: 1)),
      beforePause: beforePause
    )
  }

  @Test(
    "Attempts are counted with the first call: 1 means one call, 3 means three",
    arguments: 1...5
  )
  func attempts(_ attempts: Int) async {
    await #expect(throws: Boom(number: attempts)) {
      try await retry(attempts).run { throw Boom(number: calls.add()) }
    }
    #expect(calls.value == attempts)
  }

  @Test("The first success ends it")
  func success() async throws {
    let value = try await retry(5).run {
      guard calls.add() == 3 else { throw Boom() }
      return "third"
    }
    #expect(value == "third")
    #expect(calls.value == 3)
  }

  @Test("The error that comes out is the last attempt's own, of its own type")
  func lastError() async {
    do {
      try await retry(3).run { throw Boom(number: calls.add()) }
      Issue.record("must throw")
    } catch let error as Boom {
      #expect(error == Boom(number: 3))
    } catch {
      Issue.record("not a Boom: \(error)")
    }
  }

  @Test("Without a limit the count does not overflow: the attempt after the largest is the largest")
  func unlimited() async throws {
    let pauses = Recorder<Int>()
    let plan = retry(.max, beforePause: { pauses($0.attempt) }).plan
    var progress = RetryPlan.Progress(start: plan.begin())
    progress.attempt = .max - 1
    progress = try await plan.pause(after: progress, error: Boom())
    #expect(progress.attempt == .max)
    await #expect(throws: Boom.self) { _ = try await plan.pause(after: progress, error: Boom()) }
    #expect(pauses.all == [.max - 1])

    let value = try await retry(.max).run {
      guard calls.add() == 10_000 else { throw Boom() }
      return calls.value
    }
    #expect(value == 10_000)
  }

  @Test("Between attempts it pauses as the back-off says, and tells the hook before")
  func pauses() async throws {
    let pauses = Recorder<RetryPause>()
    let retry = retry(3, backoff: .constant(.seconds(5)), beforePause: { pauses($0) })
    let task = Task { [calls] in try await retry.run { throw Boom(number: calls.add()) } }
    for attempt in 1...2 {
      await clock.sleepers(atLeast: 1)
      #expect(pauses.count == attempt)
      #expect(calls.value == attempt)
      clock.advance(by: .seconds(4))
      #expect(clock.sleepers == 1)
      clock.advance(by: .seconds(1))
    }
    await #expect(throws: Boom(number: 3)) { try await task.value }
    #expect(pauses.all.map(\.attempt) == [1, 2])
    #expect(pauses.all.map(\.duration) == [.seconds(5), .seconds(5)])
    #expect(pauses.all.compactMap { $0.error as? Boom } == [Boom(number: 1), Boom(number: 2)])
  }

  @Test("Cancelled during a pause it returns at once and calls no more")
  func cancelledDuringPause() async {
    let retry = retry(10, backoff: .constant(.seconds(3_600)))
    let task = Task { [calls] in
      try await retry.run {
        calls.add()
        throw Boom()
      }
    }
    await clock.sleepers(atLeast: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(calls.value == 1)
    #expect(clock.sleepers == 0)
  }

  @Test("Cancelled in the hook before a pause it calls no more, even when there is no pause")
  func cancelledInHook() async {
    let retry = retry(10) { _ in unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
    let task = Task { [calls] in
      try await retry.run {
        calls.add()
        throw Boom()
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(calls.value == 1)
  }

  @Test("The caller's cancellation is not retried")
  func cancellation() async {
    await #expect(throws: CancellationError.self) {
      try await retry(5).run {
        calls.add()
        throw CancellationError()
      }
    }
    #expect(calls.value == 1)
  }

  @Test("A refusal by a breaker is not retried, and a breaker further out does not count it")
  func refusal() async throws {
    let outer = CircuitBreaker(
      "outer",
      trip: .consecutiveFailures(1),
      timeline: Timeline(clock)
    )
    let inner = CircuitBreaker(
      "inner",
      trip: .consecutiveFailures(1),
      timeline: Timeline(clock)
    )
    _ = try? await inner.run { throw Boom() }
    let pipeline = Pipeline("p") {
      outer
      retry(5)
      inner
    }
    let error = await #expect(throws: CircuitOpen.self) {
      try await pipeline.run { _ = calls.add() }
    }
    #expect(error?.policy == "inner")
    #expect(calls.value == 0)
    #expect(outer.state == .closed)
    #expect(outer.snapshot.consecutiveFailures == 0)
  }

  private struct Advice: CallError {
    let retryAdvice: RetryAdvice
  }

  @Test("An error may forbid the retry, or ask for a longer pause")
  func advice() async throws {
    await #expect(throws: Advice.self) {
      try await retry(5).run {
        calls.add()
        throw Advice(retryAdvice: .forbidden)
      }
    }
    #expect(calls.value == 1)

    for (floor, expected) in [(7, 7), (3, 5), (0, 5), (-1, 5)] {
      let pauses = Recorder<Duration>()
      let retry = retry(2, backoff: .constant(.seconds(5)), beforePause: { pauses($0.duration) })
      let task = Task {
        try await retry.run { throw Advice(retryAdvice: .allowedAfter(.seconds(floor))) }
      }
      await clock.sleepers(atLeast: 1)
      #expect(pauses.all == [.seconds(expected)])
      clock.advance(by: .seconds(expected))
      await #expect(throws: Advice.self) { try await task.value }
    }
  }

  @Test("A call that cannot bear being repeated is repeated only if it was not processed")
  func notRepeatable() async throws {
    for (advice, expected) in [
      (RetryAdvice.allowed, 1), (.allowedAfter(.zero), 1), (.notProcessed, 3),
      (.notProcessedAfter(.zero), 3), (.forbidden, 1),
    ] {
      let calls = Counter()
      await CallTraits.$isRepeatable.withValue(false) {
        await #expect(throws: Advice.self) {
          try await retry(3).run {
            calls.add()
            throw Advice(retryAdvice: advice)
          }
        }
      }
      #expect(calls.value == expected, "\(advice)")
    }
  }

  @Test("A value that is judged a failure is retried; the last one comes out")
  func values() async throws {
    let judge = Classifier.standard.values(of: Int.self) { $0 < 3 ? .failure : .success }
    #expect(try await retry(5, judging: judge).run { calls.add() } == 3)
    #expect(try await retry(2, judging: judge).run { -calls.add() } == -5)
  }

  @Test("The operation stays on its caller's actor and may change what it guards") @MainActor
  func isolation() async throws {
    var count = 0
    try await retry(3).run {
      MainActor.assertIsolated()
      count += 1
      if count < 3 { throw Boom() }
    }
    #expect(count == 3)
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Retry(attempts: 0) }
  }
}
