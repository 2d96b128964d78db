import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Circuit breaker: state-change hooks")
struct TransitionHookTests {
  private let clock = ManualClock()
  private let breaker: CircuitBreaker

  init() {
    breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(1),
      timeline: Timeline(clock)
    )
  }

  @Test("Hooks see every transition, in order, before the call returns")
  func order() async throws {
    let seen = Recorder<String>()
    breaker.onStateChange { transition in
      await Task.yield()
      seen("\(transition.from) → \(transition.to)")
    }
    _ = try? await breaker.run { throw Boom() }
    #expect(seen.all == ["closed → open"])
    clock.advance(by: .seconds(1))
    try await breaker.run { #expect(seen.count == 2) }
    #expect(seen.all == ["closed → open", "open → half-open", "half-open → closed"])
  }

  @Test("A hook may use the breaker in every way, even cause the next transition")
  func reentrancy() async throws {
    let seen = Recorder<BreakerState>()
    let inside = Counter()
    breaker.onStateChange { [breaker, clock] transition in
      inside.add()
      defer { inside.add(-1) }
      seen(transition.to)
      _ = breaker.state
      _ = breaker.snapshot
      breaker.onStateChange { _ in }.cancel()
      guard transition.to == .open, seen.count < 4 else { return }
      clock.advance(by: .seconds(1))
      _ = try? await breaker.run { throw Boom() }
    }
    _ = try? await breaker.run { throw Boom() }
    #expect(seen.all == [.open, .halfOpen, .open, .halfOpen, .open])
    // One after the other, not one within the other.
    #expect(inside.highest == 1)
  }

  @Test("Hooks are called one at a time, and with consecutive terms, under concurrency")
  func oneAtATime() async throws {
    let terms = Recorder<UInt32>()
    let inside = Counter()
    breaker.onStateChange { transition in
      inside.add()
      await Task.yield()
      terms(transition.term)
      inside.add(-1)
    }
    for _ in 0..<50 {
      await withTaskGroup { group in
        for index in 0..<8 {
          group.addTask { [breaker] in
            _ = try? await breaker.run { if index % 2 == 0 { throw Boom() } }
          }
        }
      }
      clock.advance(by: .seconds(1))
    }
    // The last of them may still be announced by a task of an earlier call.
    while terms.count < Int(breaker.snapshot.term) { await Task.yield() }
    #expect(terms.all == Array(1...breaker.snapshot.term))
    #expect(terms.count >= 50)
    #expect(inside.highest == 1)
  }

  @Test("A hook is not cancelled with the call that caused the transition")
  func shielded() async throws {
    let wasCancelled = Recorder<Bool>()
    breaker.onStateChange { _ in wasCancelled(Task.isCancelled) }
    let task = Task { [breaker] in
      let permit = try await breaker.acquire()
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      await permit.settle(as: .failure)
    }
    try await task.value
    #expect(wasCancelled.all == [false])
  }

  @Test("A hook that was removed is not called again; the others are")
  func removal() async throws {
    let removed = Recorder<BreakerState>()
    let kept = Recorder<BreakerState>()
    let registration = breaker.onStateChange { removed($0.to) }
    breaker.onStateChange { kept($0.to) }
    _ = try? await breaker.run { throw Boom() }
    registration.cancel()
    clock.advance(by: .seconds(1))
    try await breaker.run {}
    #expect(removed.all == [.open])
    #expect(kept.all == [.open, .halfOpen, .closed])
  }
}
