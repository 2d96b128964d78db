import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Abandoning timeout")
struct AbandoningTimeoutTests {
  private let clock = ManualClock()

  private func timeout(atMost: Int = 10) -> AbandoningTimeout {
    AbandoningTimeout(.seconds(1), atMost: atMost, timeline: Timeline(clock))
  }

  private func settle(_ timeout: AbandoningTimeout, at count: Int) async {
    while timeout.abandoned != count { await Task.yield() }
  }

  @Test("In time, value and error pass, and nothing is left behind")
  func inTime() async throws {
    let timeout = timeout()
    #expect(try await timeout.run { 7 } == 7)
    await #expect(throws: Boom.self) { try await timeout.run { throw Boom() } }
    #expect(timeout.abandoned == 0)
    #expect(clock.sleepers == 0)
  }

  @Test("At the limit it returns though the operation is deaf: the gauge is one up, then down")
  func deaf() async throws {
    let timeout = timeout()
    let call = HeldCall()
    let task = Task { try await timeout.run { try await call.runDeaf() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    await #expect(throws: TimedOut.self) { try await task.value }
    #expect(timeout.abandoned == 1)
    call.succeed()
    await settle(timeout, at: 0)
  }

  @Test("A cancelled caller goes at once, and the operation is cancelled")
  func cancelled() async throws {
    let timeout = timeout()
    let deaf = HeldCall()
    let task = Task { try await timeout.run { try await deaf.runDeaf() } }
    await deaf.hasBegun()
    await clock.sleepers(atLeast: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(timeout.abandoned == 1)
    #expect(clock.sleepers == 0)
    deaf.succeed()
    await settle(timeout, at: 0)

    let heeding = HeldCall()
    let other = Task { try await timeout.run { try await heeding.run() } }
    await heeding.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    await #expect(throws: TimedOut.self) { try await other.value }
    await settle(timeout, at: 0)
  }

  @Test("Above the bound of abandoned operations new calls are refused")
  func bound() async throws {
    let timeout = timeout(atMost: 2)
    let calls = [HeldCall(), HeldCall()]
    for call in calls {
      let task = Task { try await timeout.run { try await call.runDeaf() } }
      await call.hasBegun()
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(1))
      _ = await task.result
    }
    await #expect(throws: TooManyAbandoned(policy: "timeout", limit: 2)) {
      try await timeout.run { Issue.record("must not run") }
    }
    calls[0].succeed()
    await settle(timeout, at: 1)
    #expect(try await timeout.run { 1 } == 1)
    calls[1].succeed()
    await settle(timeout, at: 0)
  }

  @Test("When finish and limit race the gauge comes back to zero, whoever wins")
  func race() async throws {
    let timeout = timeout(atMost: 1_000)
    for _ in 0..<300 {
      let call = HeldCall()
      let task = Task { try await timeout.run { try await call.runDeaf() } }
      await call.hasBegun()
      await clock.sleepers(atLeast: 1)
      await withTaskGroup { group in
        group.addTask { call.succeed() }
        group.addTask { clock.advance(by: .seconds(1)) }
        group.addTask { task.cancel() }
      }
      _ = await task.result
    }
    await settle(timeout, at: 0)
    #expect(clock.sleepers == 0)
  }
}
