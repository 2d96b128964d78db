import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Timeout")
struct TimeoutTests {
  private let clock = ManualClock()

  private func timeout(
    _ limit: Duration = .seconds(1),
    name: String = "timeout",
    start: TimeoutStart = .best
  ) -> Timeout {
    Timeout(
      .each { limit },
      name: name,
      timeline: Timeline(clock),
      observer: nil,
      start: start
    )
  }

  @Test("An operation in time passes unchanged, its value and its error", arguments: [0, 1, 5])
  func inTime(suspensions: Int) async throws {
    func operation<T>(_ result: () throws -> T) async throws -> T {
      for _ in 0..<suspensions { await Task.yield() }
      return try result()
    }
    for start in [TimeoutStart.immediate, .enqueued] {
      let timeout = timeout(start: start)
      #expect(try await timeout.run { try await operation { "pong" } } == "pong")
      await #expect(throws: Boom.self) {
        try await timeout.run { try await operation { throw Boom() } }
      }
    }
    #expect(clock.sleepers == 0)
  }

  /// Time in which nobody may set an alarm.
  private final class NoAlarms: TimeSource {
    var now: Moment { .origin }

    func schedule(_ alarm: any Alarm, at moment: Moment) { Issue.record("an alarm was set") }
    func cancel(_ alarm: any Alarm) { Issue.record("an alarm was cancelled") }
  }

  @Test("An operation that returns without suspending never touches the timer")
  func noSuspension() async throws {
    let timeout = Timeout(.seconds(1), timeline: Timeline(source: NoAlarms()))
    #expect(try await timeout.run { 7 } == 7)
    await #expect(throws: Boom.self) { try await timeout.run { throw Boom() } }
  }

  /// Time that keeps every alarm it was ever given.
  private final class HoardingTime: TimeSource {
    private let alarms = Guarded<[any Alarm]>([])

    var now: Moment { .origin }

    func schedule(_ alarm: any Alarm, at moment: Moment) { alarms.withLock { $0.append(alarm) } }
    func cancel(_ alarm: any Alarm) {}
  }

  @Test("Who holds the alarm after the call holds neither the operation nor its value")
  func alarmHeld() async throws {
    final class Value {}
    weak var seen: Value?
    let timeout = Timeout(.seconds(1), timeline: Timeline(source: HoardingTime()))
    do {
      let value = try await timeout.run {
        await Task.yield()
        return Value()
      }
      seen = value
    }
    #expect(seen == nil)
  }

  @Test("Limits that strike by the system's time, one after the other and at once")
  func realLimits() async throws {
    let timeout = Timeout(.microseconds(200))
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<100 {
            await #expect(throws: TimedOut.self) {
              try await timeout.run { try await Timeline.system.sleep(for: .seconds(60)) }
            }
          }
        }
      }
    }
  }

  @Test("A clock whose alarms sleep on may be used: each call that suspends ends in time")
  func sleepingAlarms() async throws {
    let timeout = Timeout(.seconds(60), timeline: Timeline(ContinuousClock()))
    for _ in 0..<200 {
      let value = try await timeout.run {
        await Task.yield()
        return 7
      }
      #expect(value == 7)
    }
  }

  @Test("Of two timelines too, the deadline that a timeout has taken over is its own to report")
  func otherTimeline() async throws {
    let other = Timeline(ManualClock())
    try await withCallDeadline(in: .seconds(1), on: other) {
      try await Timeout(.seconds(5), name: "outer", timeline: Timeline(clock)).run {
        // Nobody further in takes it for theirs.
        #expect(Deadline.enforceable(.seconds(3)) == .seconds(3))
      }
    }
  }

  @Test("At the limit the operation is cancelled, waited for, and the limit is what comes out")
  func atTheLimit() async throws {
    let call = HeldCall()
    let task = Task { try await timeout().run { try await call.run() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .milliseconds(999))
    #expect(clock.sleepers == 1)
    clock.advance(by: .milliseconds(1))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error == TimedOut(policy: "timeout", limit: .seconds(1)))
    #expect(error?.verdict == .failure)
  }

  @Test("An operation deaf to cancellation is waited for, and its late value does not come out")
  func deaf() async throws {
    let call = HeldCall()
    let ended = Counter()
    let task = Task {
      defer { ended.add() }
      return try await timeout().run { try await call.runDeaf() }
    }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(5))
    for _ in 0..<100 { await Task.yield() }
    #expect(ended.value == 0)
    call.succeed()
    await #expect(throws: TimedOut.self) { try await task.value }
  }

  @Test("If the caller is cancelled first, its cancellation comes out, never the limit")
  func callerFirst() async throws {
    let call = HeldCall()
    let task = Task { try await timeout().run { try await call.run() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    task.cancel()
    clock.advance(by: .seconds(5))
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.sleepers == 0)
  }

  @Test("If the caller is cancelled first, what the operation makes of it comes out")
  func callerFirstThenValue() async throws {
    let call = HeldCall()
    let task = Task { try await timeout().run { try await call.runDeaf() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    task.cancel()
    clock.advance(by: .seconds(5))
    call.succeed(with: 7)
    #expect(try await task.value == 7)
  }

  @Test("If the limit is first, a later cancellation of the caller changes nothing")
  func limitFirst() async throws {
    let call = HeldCall()
    let task = Task { try await timeout().run { try await call.runDeaf() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    task.cancel()
    call.fail(with: CancellationError())
    await #expect(throws: TimedOut.self) { try await task.value }
  }

  @Test("If the operation ends first, neither the limit nor a cancellation changes its value")
  func finishFirst() async throws {
    let race = TimeoutRace()
    let ends: [TimeoutRace.End] = [.finished, .limit, .cancelled]
    let decided = ends.map { race.decide($0) }
    let end = race.end
    #expect(decided == [true, false, false])
    #expect(end == .finished)
  }

  @Test("Of finish, limit and cancellation exactly one decides, in every order")
  func everyOrder() {
    let ends: [TimeoutRace.End] = [.finished, .limit, .cancelled]
    for first in ends {
      for second in ends {
        for third in ends {
          let race = TimeoutRace()
          let decided = [first, second, third].map { race.decide($0) }
          let end = race.end
          #expect(decided == [true, false, false])
          #expect(end == first)
        }
      }
    }
  }

  @Test("When finish and limit race, one of the two comes out, and no alarm is left")
  func race() async throws {
    let outcomes = Recorder<String>()
    for _ in 0..<500 {
      let call = HeldCall()
      let task = Task { try await timeout().run { try await call.run() } }
      await call.hasBegun()
      await clock.sleepers(atLeast: 1)
      await withTaskGroup { group in
        group.addTask { call.succeed() }
        group.addTask { clock.advance(by: .seconds(1)) }
      }
      switch await task.result {
      case .success(1): outcomes("value")
      case .failure(is TimedOut): outcomes("limit")
      case let other: Issue.record("\(other)")
      }
      #expect(clock.sleepers == 0)
    }
    #expect(outcomes.count == 500)
  }

  @Test("A caller that was cancelled before is seen as cancelled by the operation")
  func cancelledBefore() async throws {
    for start in [TimeoutStart.immediate, .enqueued] {
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return try await timeout(start: start).run { Task.isCancelled }
      }
      #expect(try await task.value)
    }
  }

  @Test(
    "A limit of zero or less does not call at all",
    arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)]
  )
  func noTime(limit: Duration) async {
    await #expect(throws: TimedOut(policy: "timeout", limit: limit)) {
      try await timeout(limit).run { Issue.record("the operation must not run") }
    }
  }

  @Test("A huge limit is no limit, and does not overflow")
  func hugeLimit() async throws {
    clock.advance(by: .seconds(1_000_000))
    let call = HeldCall()
    let task = Task { try await timeout(.seconds(Int64.max)).run { try await call.run() } }
    await call.hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1_000_000_000))
    call.succeed()
    #expect(try await task.value == 1)
  }

  @Test("When the outer of two limits is reached, the inner one is not reported")
  func nestedOuter() async throws {
    let inner = Recorder<any Error>()
    let call = HeldCall()
    let task = Task {
      try await timeout(.seconds(1), name: "outer").run {
        do {
          return try await timeout(.seconds(5), name: "inner").run { try await call.run() }
        } catch {
          inner(error)
          throw error
        }
      }
    }
    await call.hasBegun()
    await clock.sleepers(atLeast: 2)
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error?.policy == "outer")
    #expect(inner.all.count == 1 && inner.all[0] is CancellationError)
    #expect(clock.sleepers == 0)
  }

  @Test("When the inner of two limits is reached, it is the inner one that comes out")
  func nestedInner() async throws {
    let call = HeldCall()
    let task = Task {
      try await timeout(.seconds(5), name: "outer").run {
        try await timeout(.seconds(1), name: "inner").run { try await call.run() }
      }
    }
    await call.hasBegun()
    await clock.sleepers(atLeast: 2)
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: TimedOut.self) { try await task.value }
    #expect(error?.policy == "inner")
  }

  private final class Unsendable {
    var value = 0
  }

  @Test("The operation stays on its caller's actor, also after it suspended") @MainActor
  func isolation() async throws {
    for start in [TimeoutStart.immediate, .enqueued] {
      let state = Unsendable()
      let result = try await timeout(start: start).run {
        MainActor.assertIsolated()
        state.value += 1
        await Task.yield()
        MainActor.assertIsolated()
        state.value += 1
        return state
      }
      MainActor.assertIsolated()
      #expect(result.value == 2)
    }
  }

  private enum Trace {
    @TaskLocal static var id = 0
  }

  @Test("The operation sees the caller's task-local values and priority")
  func inheritance() async throws {
    for start in [TimeoutStart.immediate, .enqueued] {
      try await Trace.$id.withValue(42) {
        let priority = Task.currentPriority
        let seen = try await timeout(start: start).run {
          await Task.yield()
          return (Trace.id, Task.currentPriority)
        }
        #expect(seen.0 == 42)
        #expect(seen.1 == priority)
      }
    }
  }
}
