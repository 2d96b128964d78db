import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Bulkhead: who goes next")
struct BulkheadQueueTests {
  private func refusal(of task: Task<Void, any Error>) async -> PlaceRefusal? {
    do {
      try await task.value
      return nil
    } catch {
      return (error as? BulkheadFull)?.reason
    }
  }

  @Test("The more critical go first; the priority of a task says how critical it is")
  func criticality() async throws {
    let world = BulkheadWorld(limit: 1, queue: QueueSettings(limit: 10))
    let held = try await world.hold()
    let before = world.bulkhead.queued
    let background = Task(priority: .background) {
      try await world.bulkhead.run { world.order("background") }
    }
    while world.bulkhead.queued == before { await Task.yield() }
    let tasks = [
      background,
      await world.wait("sheddable plus", .sheddablePlus),
      await world.wait("critical"),
      await world.wait("critical plus", .criticalPlus),
    ]
    held.release()
    for task in tasks { try await task.value }
    #expect(world.order.all == ["critical plus", "critical", "sheddable plus", "background"])
    #expect(world.isIdle)
  }

  @Test("When the queue is full, the least critical one gives way to one that matters more")
  func displacement() async throws {
    let world = BulkheadWorld(limit: 1, queue: QueueSettings(limit: 1))
    let held = try await world.hold()
    let sheddable = await world.wait("sheddable", .sheddable)
    let critical = world.start("critical", .critical)
    #expect(await refusal(of: sheddable) == .displaced)
    let other = world.start("other", .sheddable)
    #expect(await refusal(of: other) == .queueFull)
    held.release()
    try await critical.value
    #expect(world.order.all == ["critical"])
    #expect(world.isIdle)
  }

  @Test("A noisy tenant does not starve a quiet one")
  func fairness() async throws {
    let world = BulkheadWorld(limit: 1, queue: QueueSettings(limit: 100))
    let held = try await world.hold()
    var tasks: [Task<Void, any Error>] = []
    for _ in 0..<50 { tasks.append(await world.wait("noisy", key: "noisy")) }
    for _ in 0..<3 { tasks.append(await world.wait("quiet", key: "quiet")) }
    held.release()
    for task in tasks { try await task.value }
    #expect(Array(world.order.all.prefix(6)).count { $0 == "quiet" } == 3)
    #expect(world.isIdle)
  }

  @Test("Less critical calls leave the places that are kept for others alone")
  func shares() async throws {
    var shares = CriticalityShares()
    shares.sheddable = 0.5
    shares.sheddablePlus = 0.75
    let world = BulkheadWorld(limit: 4, queue: QueueSettings(limit: 10), shares: shares)
    let first = try await world.hold()
    let second = try await world.hold()
    let sheddable = await world.wait("sheddable", .sheddable)
    // Others pass the one that may not: nobody of their class waits.
    try await world.start("sheddable plus", .sheddablePlus).value
    let third = try await world.hold()
    let plus = await world.wait("sheddable plus", .sheddablePlus)
    try await world.start("critical").value
    first.release()
    try await plus.value
    #expect(world.bulkhead.queued == 1)
    second.release()
    try await sheddable.value
    #expect(world.order.all == ["sheddable plus", "critical", "sheddable plus", "sheddable"])
    third.release()
    #expect(world.isIdle)
  }

  @Test("Once the queue has stood for too long, the newest goes first and the oldest gives way")
  func adaptiveLIFO() async throws {
    let queue = QueueSettings(
      limit: 3,
      maxWait: .seconds(60),
      order: .adaptiveLIFO(after: .seconds(1))
    )
    let world = BulkheadWorld(limit: 1, queue: queue)
    let held = try await world.hold()
    let a = await world.wait("a")
    let b = await world.wait("b")
    let c = await world.wait("c")
    world.clock.advance(by: .seconds(1))
    let d = world.start("d")
    #expect(await refusal(of: a) == .displaced)
    held.release()
    for task in [b, c, d] { try await task.value }
    #expect(world.order.all == ["d", "c", "b"])
    #expect(world.isIdle)
  }

  @Test("CoDel turns away those at the head of a queue that stands, and says how long they waited")
  func codel() async throws {
    let queue = QueueSettings(
      limit: 100,
      maxWait: .seconds(60),
      dropping: CoDelSettings(target: .milliseconds(5), interval: .milliseconds(100))
    )
    let world = BulkheadWorld(limit: 1, queue: queue)
    let held = try await world.hold()
    let calls = (0..<5).map { _ in HeldCall() }
    var tasks: [Task<Int, any Error>] = []
    for (index, call) in calls.enumerated() {
      tasks.append(Task { try await world.bulkhead.run { try await call.run() } })
      while world.bulkhead.queued < index + 1 { await Task.yield() }
    }
    world.clock.advance(by: .milliseconds(50))
    held.release()
    await calls[0].hasBegun()
    // Those at the head have waited too long for a whole interval.
    world.clock.advance(by: .milliseconds(100))
    calls[0].succeed()
    let refusal = BulkheadFull(policy: "test", reason: .dropped(after: .milliseconds(150)))
    await #expect(throws: refusal) { try await tasks[1].value }
    for call in calls { call.succeed() }
    for index in [0, 2, 3, 4] { _ = try await tasks[index].value }
    #expect(world.isIdle)
  }

  @Test("A newcomer whose key is next goes at once if it fits, though a heavy one of another waits")
  func lightKey() async throws {
    let world = BulkheadWorld(limit: 10, queue: QueueSettings(limit: 10))
    let held = try await world.hold(5)
    let heavy = await world.wait("heavy", weight: 10, key: "a")
    try await world.start("light", key: "b").value
    #expect(world.order.all == ["light"] && world.bulkhead.queued == 1)
    held.release()
    try await heavy.value
    #expect(world.isIdle)
  }

  @Test(
    "So does the newest one of a queue that is served in that order, also when it displaces one"
  )
  func lightNewest() async throws {
    let queue = QueueSettings(
      limit: 1,
      maxWait: .seconds(60),
      order: .adaptiveLIFO(after: .seconds(1))
    )
    let world = BulkheadWorld(limit: 10, queue: queue)
    let held = try await world.hold(5)
    let heavy = await world.wait("heavy", weight: 10)
    world.clock.advance(by: .seconds(1))
    try await world.start("light").value
    #expect(await refusal(of: heavy) == .displaced)
    held.release()
    #expect(world.isIdle)
  }

  @Test("A queue that emptied does not count as standing when others wait an hour later")
  func codelForgets() async throws {
    let codel = CoDelSettings(target: .milliseconds(5), interval: .milliseconds(100))
    let queue = QueueSettings(limit: 9, maxWait: .seconds(60), dropping: codel)
    let world = BulkheadWorld(limit: 1, queue: queue)
    var held = try await world.hold()
    let call = HeldCall()
    let first = Task { try await world.bulkhead.run { try await call.run() } }
    while world.bulkhead.queued < 1 { await Task.yield() }
    let others = [await world.wait("b"), await world.wait("c")]
    world.clock.advance(by: .milliseconds(10))
    held.release()
    await call.hasBegun()
    for other in others { other.cancel() }
    for other in others { _ = await other.result }
    call.succeed()
    _ = try await first.value
    world.clock.advance(by: .seconds(3_600))
    held = try await world.hold()
    let late = [await world.wait("d"), await world.wait("e")]
    world.clock.advance(by: .milliseconds(6))
    held.release()
    for task in late { try await task.value }
    #expect(world.isIdle)
  }

  @Test("Grants go in the order of arrival among 10 000 who wait, many of whom are cancelled")
  func tenThousand() async throws {
    let world = BulkheadWorld(
      limit: 1,
      queue: QueueSettings(limit: 10_000, maxWait: .seconds(3_600))
    )
    let bulkhead = world.bulkhead
    let order = Recorder<Int>()
    let held = try await world.hold()
    var random = SplitMix64(seed: 3)
    var tasks: [Task<Void, any Error>] = []
    for index in 0..<10_000 {
      // Arrival is the moment of joining the queue, so each joins before the next one starts.
      tasks.append(Task { try await bulkhead.run { order(index) } })
      while bulkhead.queued < index + 1 { await Task.yield() }
    }
    let leavers = Set((0..<10_000).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    for index in leavers { tasks[index].cancel() }
    held.release()
    for (index, task) in tasks.enumerated() {
      let result = await task.result
      if !leavers.contains(index) { try result.get() }
    }
    let served = order.all
    #expect(served == served.sorted())
    #expect(Set(served).isSuperset(of: Set(0..<10_000).subtracting(leavers)))
    #expect(world.isIdle)
  }
}
