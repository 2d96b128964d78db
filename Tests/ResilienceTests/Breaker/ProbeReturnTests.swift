import ResilienceTesting
import Testing

@testable import Resilience

/// The place of a probe is given back on every way out.
@Suite("Circuit breaker: a probe's place")
struct ProbeReturnTests {
  private let clock = ManualClock()
  private let breaker: CircuitBreaker

  init() async {
    breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(10),
      timeline: Timeline(clock)
    )
    _ = try? await breaker.run { throw Boom() }
    clock.advance(by: .seconds(10))
  }

  /// Half-open, nothing counted, and the only place is free.
  private func expectUntouched() async throws {
    #expect(breaker.snapshot.state == .halfOpen)
    #expect(breaker.snapshot.probes == 0)
    try await breaker.run {}
    #expect(breaker.state == .closed)
  }

  @Test("… when the caller is cancelled before the operation runs")
  func cancelledBefore() async throws {
    let task = Task { [breaker] in
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      try await breaker.run { try Task.checkCancellation() }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    try await expectUntouched()
  }

  @Test("… when the caller is cancelled while the operation runs")
  func cancelledDuring() async throws {
    let call = HeldCall()
    let task = Task { [breaker] in try await breaker.run { try await call.run() } }
    await call.hasBegun()
    #expect(breaker.snapshot.probes == 1)
    await #expect(throws: CircuitOpen.self) { try await breaker.run {} }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await expectUntouched()
  }

  @Test("… when the caller is cancelled and the operation throws another error for it")
  func cancelledWithOtherError() async throws {
    let call = HeldCall()
    let task = Task { [breaker] in try await breaker.run { try await call.runDeaf() } }
    await call.hasBegun()
    task.cancel()
    call.fail()
    await #expect(throws: Boom.self) { try await task.value }
    try await expectUntouched()
  }

  @Test("… when the caller is cancelled after the operation has succeeded: the success counts")
  func cancelledAfter() async throws {
    let call = HeldCall()
    let task = Task { [breaker] in try await breaker.run { try await call.runDeaf() } }
    await call.hasBegun()
    task.cancel()
    call.succeed()
    #expect(try await task.value == 1)
    #expect(breaker.state == .closed)
  }

  @Test("… when the error is one to ignore: still half-open, neither success nor failure")
  func ignoredError() async throws {
    for _ in 0..<10 {
      await #expect(throws: CancellationError.self) {
        try await breaker.run { throw CancellationError() }
      }
    }
    try await expectUntouched()
  }

  @Test("… when a policy further in refuses")
  func innerRejection() async throws {
    for _ in 0..<10 {
      await #expect(throws: BulkheadFull.self) {
        try await breaker.run { throw BulkheadFull(policy: "inner", reason: .queueFull) }
      }
    }
    try await expectUntouched()
  }

  @Test("… when a permit is dropped without being settled")
  func droppedPermit() async throws {
    func acquireAndForget() async throws {
      let permit = try await breaker.acquire()
      #expect(breaker.snapshot.probes == 1)
      _ = consume permit
    }
    for _ in 0..<10 { try await acquireAndForget() }
    try await expectUntouched()
  }

  @Test("A permit is settled once by construction, and says whether that was counted")
  func permit() async throws {
    let probe = try await breaker.acquire()
    await #expect(throws: CircuitOpen.self) { _ = try await breaker.acquire() }
    #expect(await probe.settle(as: .success) == .recorded)
    #expect(breaker.state == .closed)

    let early = try await breaker.acquire()
    let failing = try await breaker.acquire()
    #expect(await failing.settle(judging: Boom()) == .recorded)
    #expect(breaker.state == .open)
    #expect(await early.settle(as: .success) == .stale)
    #expect(breaker.state == .open)
  }

  @Test("Settling permits never makes more room than there was")
  func noExtraRoom() async throws {
    for _ in 0..<5 {
      let permit = try await breaker.acquire()
      await permit.settle(as: .ignored)
    }
    let only = try await breaker.acquire()
    await #expect(throws: CircuitOpen.self) { _ = try await breaker.acquire() }
    await only.settle(as: .ignored)
  }
}
