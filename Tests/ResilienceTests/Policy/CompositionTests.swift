import ResilienceTesting
import Testing

@testable import Resilience

/// Every ordered pair of policies, made anew for each test.
@Suite("Composition: every ordered pair of policies")
struct CompositionTests {
  /// A policy, and a check that it holds nothing after a call.
  struct Part: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Timeline) -> (policy: AnyPolicy, isIdle: @Sendable () -> Bool)

    var testDescription: String { name }
  }

  static let parts = [
    Part(name: "breaker") { timeline in
      let breaker = CircuitBreaker("b", trip: .consecutiveFailures(100), timeline: timeline)
      return (AnyPolicy(breaker), { breaker.snapshot.probes == 0 && breaker.state == .closed })
    },
    Part(name: "breaker, probing") { timeline in
      let breaker = CircuitBreaker(
        "b",
        trip: .consecutiveFailures(1),
        openFor: .zero,
        probes: 1,
        timeline: timeline
      )
      _ = breaker.core.settle(BreakerTicket(breaker.core.glance), as: .failure)
      return (AnyPolicy(breaker), { breaker.snapshot.probes == 0 })
    },
    Part(name: "retry") { timeline in
      (AnyPolicy(Retry(attempts: 1, backoff: .none, timeline: timeline)), { true })
    },
    Part(name: "timeout") { timeline in
      (AnyPolicy(Timeout(.seconds(60), timeline: timeline)), { true })
    },
    Part(name: "bulkhead") { timeline in
      let bulkhead = Bulkhead(limit: 1, queue: 1, timeline: timeline)
      return (AnyPolicy(bulkhead), { bulkhead.running == 0 && bulkhead.queued == 0 })
    },
  ]

  private let clock = ManualClock()

  private struct Pair {
    let pipeline: Pipeline<Nested<AnyPolicy, AnyPolicy>>
    let isIdle: () -> Bool
  }

  private func pair(_ outer: Part, _ inner: Part) -> Pair {
    let outer = outer.make(Timeline(clock))
    let inner = inner.make(Timeline(clock))
    let pipeline = Pipeline("pair") {
      outer.policy
      inner.policy
    }
    return Pair(pipeline: pipeline) { [clock] in
      outer.isIdle() && inner.isIdle() && clock.sleepers == 0
    }
  }

  @Test("A value passes", arguments: parts, parts)
  func value(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    for value in 0..<3 { #expect(try await pair.pipeline.run { value } == value) }
    #expect(pair.isIdle())
  }

  @Test("An error passes", arguments: parts, parts)
  func error(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    await #expect(throws: Boom(number: 3)) { try await pair.pipeline.run { throw Boom(number: 3) } }
    #expect(pair.isIdle())
    #expect(try await pair.pipeline.run { 1 } == 1)
  }

  @Test("A cancellation passes, before and while the operation runs", arguments: parts, parts)
  func cancellation(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    let pipeline = pair.pipeline
    let early = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      try await pipeline.run { try Task.checkCancellation() }
    }
    await #expect(throws: CancellationError.self) { try await early.value }
    #expect(pair.isIdle())

    let call = HeldCall()
    let task = Task { try await pipeline.run { try await call.run() } }
    await call.hasBegun()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(pair.isIdle())
    #expect(try await pair.pipeline.run { 1 } == 1)
  }

  @Test("A timeout further in passes", arguments: parts, parts)
  func timeout(outer: Part, inner: Part) async throws {
    let pair = pair(outer, inner)
    let pipeline = pair.pipeline
    let call = HeldCall()
    let timeout = Timeout(.seconds(1), name: "innermost", timeline: Timeline(clock))
    let task = Task { try await pipeline.run { try await timeout.run { try await call.run() } } }
    await call.hasBegun()
    let outerTimeouts = [outer, inner].count { $0.name == "timeout" }
    await clock.sleepers(atLeast: 1 + outerTimeouts)
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error?.policy == "innermost")
    #expect(pair.isIdle())
    #expect(try await pair.pipeline.run { 1 } == 1)
  }
}
