import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Bulkhead")
struct BulkheadTests {
  private let clock = ManualClock()

  private func bulkhead(limit: Int, queue: Int = 0, maxWait: Duration = .seconds(1)) -> Bulkhead {
    Bulkhead(limit: limit, queue: queue, maxWait: maxWait, timeline: Timeline(clock))
  }

  /// Starts a call that holds a place until it is told to end.
  private func hold(_ bulkhead: Bulkhead) async -> (call: HeldCall, task: Task<Int, any Error>) {
    let call = HeldCall()
    let task = Task { try await bulkhead.run { try await call.run() } }
    await call.hasBegun()
    return (call, task)
  }

  /// Starts a call that has to wait, and waits until it does.
  private func wait(
    _ bulkhead: Bulkhead,
    _ body: @escaping @Sendable () -> Void = {}
  ) async -> Task<Void, any Error> {
    let before = bulkhead.queued
    let task = Task { try await bulkhead.run { body() } }
    while bulkhead.queued == before { await Task.yield() }
    return task
  }

  @Test("A call without a place is refused when nobody may wait")
  func refusal() async throws {
    let bulkhead = bulkhead(limit: 1)
    let held = await hold(bulkhead)
    await #expect(throws: BulkheadFull(policy: "bulkhead", reason: .queueFull)) {
      try await bulkhead.run { Issue.record("the operation must not run") }
    }
    held.call.succeed()
    _ = try await held.task.value
    #expect(try await bulkhead.run { "pong" } == "pong")
  }

  @Test("Places are given in the order of arrival, and the queue is bounded")
  func order() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 3)
    let held = await hold(bulkhead)
    let order = Recorder<Int>()
    var waiting: [Task<Void, any Error>] = []
    for index in 0..<3 { waiting.append(await wait(bulkhead) { order(index) }) }
    await #expect(throws: BulkheadFull.self) { try await bulkhead.run {} }
    held.call.succeed()
    for task in waiting { try await task.value }
    #expect(order.all == [0, 1, 2])
    #expect(bulkhead.running == 0 && bulkhead.queued == 0)
  }

  @Test("A newcomer never overtakes one who waits, even when it comes as a place is given back")
  func noOvertaking() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 1_000)
    let order = Recorder<Int>()
    let held = await hold(bulkhead)
    var tasks: [Task<Void, any Error>] = []
    for index in 0..<100 {
      tasks.append(await wait(bulkhead) { order(index) })
    }
    held.call.succeed()
    // While the hundred are being served, others keep coming.
    for index in 100..<200 {
      tasks.append(Task { try await bulkhead.run { order(index) } })
    }
    for task in tasks { try await task.value }
    #expect(Array(order.all.prefix(100)) == Array(0..<100))
    #expect(Set(order.all) == Set(0..<200))
  }

  @Test("A cancelled waiter leaves the queue at once, and its place in it is free again")
  func cancelledWaiter() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 1)
    let held = await hold(bulkhead)
    for _ in 0..<20 {
      let task = await wait(bulkhead)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(bulkhead.queued == 0)
      #expect(clock.sleepers == 0)
    }
    let last = await wait(bulkhead)
    held.call.succeed()
    try await last.value
  }

  @Test("A waiter that waited too long is refused, and takes no place with it")
  func maxWait() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 2, maxWait: .seconds(3))
    let held = await hold(bulkhead)
    let task = await wait(bulkhead)
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(3))
    await #expect(
      throws: BulkheadFull(policy: "bulkhead", reason: .waitedTooLong(.seconds(3)))
    ) { try await task.value }
    #expect(bulkhead.queued == 0)
    held.call.succeed()
    _ = try await held.task.value
    #expect(bulkhead.running == 0)
    try await bulkhead.run {}
  }

  @Test("A place offered to one who was cancelled goes to the next: none is lost")
  func grantRacesWithCancellation() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 10)
    for _ in 0..<500 {
      let held = await hold(bulkhead)
      let first = await wait(bulkhead)
      let second = await wait(bulkhead)
      await withTaskGroup { group in
        group.addTask { held.call.succeed() }
        group.addTask { first.cancel() }
      }
      _ = await first.result
      try await second.value
      #expect(bulkhead.running == 0 && bulkhead.queued == 0)
    }
  }

  @Test("A place offered to one who timed out goes to the next: none is lost")
  func grantRacesWithTimeout() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 10, maxWait: .seconds(1))
    for _ in 0..<500 {
      let held = await hold(bulkhead)
      let waiting = await wait(bulkhead)
      await clock.sleepers(atLeast: 1)
      await withTaskGroup { group in
        group.addTask { held.call.succeed() }
        group.addTask { clock.advance(by: .seconds(1)) }
      }
      _ = await waiting.result
      _ = await held.task.result
      #expect(bulkhead.running == 0 && bulkhead.queued == 0)
      #expect(clock.sleepers == 0)
    }
  }

  @Test("A throwing or cancelled operation frees its place exactly once")
  func freedOnce() async throws {
    let bulkhead = bulkhead(limit: 2)
    for _ in 0..<10 {
      await #expect(throws: Boom.self) { try await bulkhead.run { throw Boom() } }
      let held = await hold(bulkhead)
      #expect(bulkhead.running == 1)
      held.task.cancel()
      await #expect(throws: CancellationError.self) { try await held.task.value }
      #expect(bulkhead.running == 0)
    }
  }

  @Test("Never more than the limit run, and every call that may wait is served")
  func limitUnderLoad() async throws {
    let bulkhead = bulkhead(limit: 7, queue: 10_000, maxWait: .seconds(3_600))
    let inside = Counter()
    let served = Counter()
    await withTaskGroup { group in
      for index in 0..<5_000 {
        group.addTask {
          _ = try? await bulkhead.run {
            inside.add()
            for _ in 0..<(index % 3) { await Task.yield() }
            inside.add(-1)
            served.add()
            if index % 5 == 0 { throw Boom() }
          }
        }
      }
    }
    #expect(inside.highest <= 7)
    #expect(served.value == 5_000)
    #expect(bulkhead.running == 0 && bulkhead.queued == 0)
    #expect(clock.sleepers == 0)
  }

  @Test("The largest limit and the largest queue do not overflow")
  func largest() async throws {
    let bulkhead = bulkhead(limit: .max, queue: .max)
    #expect(try await bulkhead.run { 1 } == 1)
  }

  @Test("The operation stays on its caller's actor, also after waiting") @MainActor
  func isolation() async throws {
    let bulkhead = bulkhead(limit: 1, queue: 1)
    let held = await hold(bulkhead)
    var count = 0
    let task = Task { @MainActor in
      try await bulkhead.run {
        MainActor.assertIsolated()
        count += 1
      }
    }
    while bulkhead.queued == 0 { await Task.yield() }
    held.call.succeed()
    try await task.value
    #expect(count == 1)
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Bulkhead(limit: 0) }
    await #expect(processExitsWith: .failure) { _ = Bulkhead(limit: 1, queue: -1) }
  }
}
