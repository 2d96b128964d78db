import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Deadline")
struct DeadlineTests {
  private let clock = ManualClock()
  private var timeline: Timeline { Timeline(clock) }

  @Test("It says what is left, and survives into child tasks")
  func remaining() async throws {
    #expect(Deadline.current == nil)
    await withCallDeadline(in: .seconds(10), on: timeline) {
      clock.advance(by: .seconds(4))
      #expect(Deadline.current?.remaining == .seconds(6))
      async let child = Deadline.current?.remaining
      #expect(await child == .seconds(6))
      clock.advance(by: .seconds(7))
      #expect(Deadline.current?.remaining == .seconds(-1))
    }
    #expect(Deadline.current == nil)
  }

  @Test("Within another deadline the earlier one counts")
  func nested() async {
    await withCallDeadline(in: .seconds(5), on: timeline) {
      await withCallDeadline(in: .seconds(60), on: timeline) {
        #expect(Deadline.current?.remaining == .seconds(5))
      }
      await withCallDeadline(in: .seconds(1), on: timeline) {
        #expect(Deadline.current?.remaining == .seconds(1))
      }
    }
  }

  @Test("A timeout is the smaller of its limit and what is left, and is a deadline itself")
  func timeout() async throws {
    let timeout = Timeout(.seconds(10), timeline: timeline)
    try await timeout.run { #expect(Deadline.current?.remaining == .seconds(10)) }
    let call = HeldCall()
    let task = Task {
      try await withCallDeadline(in: .seconds(3), on: timeline) {
        try await timeout.run {
          #expect(Deadline.current?.remaining == .seconds(3))
          return try await call.run()
        }
      }
    }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(3))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error?.limit == .seconds(3))
  }

  @Test("After the deadline a timeout does not call at all")
  func passed() async {
    _ = await withCallDeadline(in: .zero, on: timeline) {
      await #expect(throws: TimedOut.self) {
        try await Timeout(.seconds(10), timeline: timeline).run { Issue.record("must not run") }
      }
    }
  }

  @Test("A retry does not pause when the next attempt could not begin in time")
  func retry() async {
    let retry = Retry(attempts: 5, backoff: .constant(.seconds(3)), timeline: timeline)
    _ = await withCallDeadline(in: .seconds(3), on: timeline) {
      await #expect(throws: Boom.self) { try await retry.run { throw Boom() } }
    }
    #expect(clock.now.offset == .zero)
  }

  @Test("Nobody waits in a queue for longer")
  func bulkhead() async throws {
    let bulkhead = Bulkhead(limit: 1, queue: 1, maxWait: .seconds(60), timeline: timeline)
    let call = HeldCall()
    let holder = Task { try await bulkhead.run { try await call.run() } }
    await call.hasBegun()
    let task = Task {
      try await withCallDeadline(in: .seconds(2), on: timeline) {
        try await bulkhead.run { Issue.record("must not run") }
      }
    }
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(2))
    let error = await #expect(throws: BulkheadFull.self) { try await task.value }
    #expect(error?.reason == .waitedTooLong(.seconds(2)))
    call.succeed()
    _ = try await holder.value
  }
}
