import ResilienceTesting
import Testing

@testable import Resilience

/// Every ordered pair of policies, made anew for each test.
@Suite("Composition: every ordered pair of policies")
struct CompositionTests {
  typealias Operation = @Sendable () async throws -> Int

  /// A policy, and a check that it holds nothing after a call.
  struct Made: Sendable {
    let run: @Sendable (@escaping Operation) async throws -> Int
    let isIdle: @Sendable () -> Bool

    init(_ policy: some Policy, isIdle: @escaping @Sendable () -> Bool = { true }) {
      self.init(isIdle: isIdle) { operation in try await policy.run(operation) }
    }

    init(
      isIdle: @escaping @Sendable () -> Bool = { true },
      run: @escaping @Sendable (@escaping Operation) async throws -> Int
    ) {
      self.run = run
      self.isIdle = isIdle
    }
  }

  struct Part: Sendable, CustomTestStringConvertible {
    let name: String
    /// How many alarms it sets while the operation runs.
    var alarms = 0
    let make: @Sendable (Timeline) -> Made

    var testDescription: String { name }
  }

  static let parts = [
    Part(name: "breaker") { timeline in
      let breaker = CircuitBreaker("b", trip: .consecutiveFailures(100), timeline: timeline)
      return Made(breaker) { breaker.snapshot.probes == 0 && breaker.state == .closed }
    },
    Part(name: "breaker, probing") { timeline in
      let breaker = CircuitBreaker(
        "b",
        trip: .consecutiveFailures(1),
        openFor: .zero,
        timeline: timeline
      )
      _ = breaker.core.settle(BreakerTicket(breaker.core.glance, .origin), as: .failure)
      return Made(breaker) { breaker.snapshot.probes == 0 }
    },
    Part(name: "retry") { Made(Retry(attempts: 1, backoff: .none, timeline: $0)) },
    Part(name: "timeout", alarms: 1) { Made(Timeout(.seconds(60), timeline: $0)) },
    Part(name: "bulkhead") { timeline in
      let bulkhead = Bulkhead(limit: 1, queue: 1, timeline: timeline)
      return Made(bulkhead) { bulkhead.running == 0 && bulkhead.queued == 0 }
    },
    Part(name: "rate limiter") { timeline in
      let limit = RateLimit.tokenBucket(1_000_000, per: .seconds(1))
      let limiter = RateLimiter("r", limit, timeline: timeline)
      return Made(limiter) { limiter.waiting == 0 }
    },
    Part(name: "adaptive limiter") { timeline in
      let limiter = AdaptiveLimiter("a", queue: 1, timeline: timeline)
      return Made(limiter) { limiter.isAtRest && limiter.queued == 0 }
    },
    Part(name: "throttle") { timeline in
      let throttle = AdaptiveThrottle("t", timeline: timeline)
      return Made(throttle) { throttle.isAtRest }
    },
    Part(name: "keyed") { timeline in
      let keyed = Keyed<String, Bulkhead>(limit: 1, timeline: timeline) {
        Bulkhead(limit: 1, name: $0, timeline: timeline)
      }
      return Made(isIdle: { keyed["k"].isAtRest }) { operation in
        try await keyed.run(for: "k") { try await operation() }
      }
    },
    Part(name: "replaceable") { _ in Made(Replaceable(Bulkhead(limit: 1))) },
    Part(name: "abandoning timeout", alarms: 1) { timeline in
      let timeout = AbandoningTimeout(.seconds(60), timeline: timeline)
      return Made(isIdle: { timeout.abandoned == 0 }) { try await timeout.run($0) }
    },
    Part(name: "hedge", alarms: 1) { timeline in
      let hedge = Hedge(after: .fixed(.seconds(60)), timeline: timeline)
      return Made(isIdle: { hedge.running == 0 }) { operation in
        try await hedge.run { _ in try await operation() }
      }
    },
    Part(name: "fallback") { _ in
      let fallback = Fallback(-1, handles: { _ in false })
      return Made { try await fallback.run($0) }
    },
    Part(name: "last good value") { timeline in
      let last = LastGood<Int>(for: .zero, timeline: timeline)
      return Made { try await last.run($0) }
    },
    Part(name: "coalescer") { _ in
      let coalescer = Coalescer<Int, Int>()
      return Made(isIdle: { coalescer.count == 0 }) { try await coalescer.run(for: 1, $0) }
    },
  ]

  private let clock = ManualClock()

  private struct Pair: Sendable {
    let outer: Made
    let inner: Made
    let clock: ManualClock

    func run(_ operation: @escaping Operation) async throws -> Int {
      try await outer.run { try await inner.run(operation) }
    }

    /// Waits until nothing is held any more; what is lost for ever would make this wait for ever.
    func becomesIdle() async {
      while !(outer.isIdle() && inner.isIdle() && clock.sleepers == 0) { await Task.yield() }
    }
  }

  private func pair(_ outer: Part, _ inner: Part) -> Pair {
    Pair(
      outer: outer.make(Timeline(clock)),
      inner: inner.make(Timeline(clock)),
      clock: clock
    )
  }

  @Test("A value passes", .timeLimit(.minutes(1)), arguments: parts, parts)
  func value(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    for value in 0..<3 { #expect(try await pair.run { value } == value) }
    await pair.becomesIdle()
  }

  @Test("An error passes", .timeLimit(.minutes(1)), arguments: parts, parts)
  func error(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    await #expect(throws: Boom(number: 3)) { try await pair.run { throw Boom(number: 3) } }
    await pair.becomesIdle()
    #expect(try await pair.run { 1 } == 1)
  }

  @Test(
    "A cancellation passes, before and while the operation runs",
    .timeLimit(.minutes(1)),
    arguments: parts,
    parts
  )
  func cancellation(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    let early = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await pair.run {
        try Task.checkCancellation()
        return 1
      }
    }
    await #expect(throws: CancellationError.self) { try await early.value }
    await pair.becomesIdle()

    let call = HeldCall()
    let task = Task { try await pair.run { try await call.run() } }
    await call.hasBegun()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await pair.becomesIdle()
    #expect(try await pair.run { 1 } == 1)
  }

  @Test("A timeout further in passes", .timeLimit(.minutes(1)), arguments: parts, parts)
  func timeout(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    let call = HeldCall()
    let timeout = Timeout(.seconds(1), name: "innermost", timeline: Timeline(clock))
    let task = Task { try await pair.run { try await timeout.run { try await call.run() } } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1 + outer.alarms + inner.alarms)
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error?.policy == "innermost")
    await pair.becomesIdle()
    #expect(try await pair.run { 1 } == 1)
  }
}
