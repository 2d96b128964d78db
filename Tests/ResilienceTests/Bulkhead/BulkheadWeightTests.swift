import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Bulkhead: weights and other limits")
struct BulkheadWeightTests {
  @Test("A call takes as many places as it weighs, and gives them back")
  func weights() async throws {
    let world = BulkheadWorld(limit: 5)
    try await world.bulkhead.run(weight: 3) {
      #expect(world.bulkhead.running == 3)
      try await world.bulkhead.run(weight: 2) { #expect(world.bulkhead.running == 5) }
      await #expect(throws: BulkheadFull(policy: "test", reason: .queueFull)) {
        try await world.bulkhead.run(weight: 3) {}
      }
    }
    await #expect(throws: Boom.self) { try await world.bulkhead.run(weight: 4) { throw Boom() } }
    #expect(world.isIdle)
  }

  @Test("A call that weighs more than there are places is refused at once, though nobody runs")
  func tooHeavy() async {
    let world = BulkheadWorld(limit: 5, queue: QueueSettings(limit: 10))
    await #expect(
      throws: BulkheadFull(policy: "test", reason: .tooHeavy(weight: 6, limit: 5))
    ) { try await world.bulkhead.run(weight: 6) {} }
    await #expect(
      throws: BulkheadFull(policy: "test", reason: .tooHeavy(weight: .max, limit: 5))
    ) { try await world.bulkhead.run(weight: .max) {} }
    #expect(world.isIdle)
  }

  @Test("A heavy call at the head is waited for, and when it leaves the light ones behind it go")
  func heavyHeadLeaves() async throws {
    let world = BulkheadWorld(limit: 4, queue: QueueSettings(limit: 10))
    let held = try await world.hold(2)
    let heavy = await world.wait("heavy", weight: 4)
    let light = await world.wait("light")
    #expect(world.order.count == 0)
    heavy.cancel()
    try await light.value
    #expect(world.order.all == ["light"])
    held.release()
    #expect(world.isIdle)
  }

  @Test("A heavy call at the head whose wait is over lets the light ones behind it go")
  func heavyHeadExpires() async throws {
    let world = BulkheadWorld(limit: 4, queue: QueueSettings(limit: 10, maxWait: .seconds(5)))
    let held = try await world.hold(2)
    let heavy = await world.wait("heavy", weight: 4)
    await world.clock.sleepers(atLeast: 1)
    world.clock.advance(by: .seconds(3))
    let light = await world.wait("light")
    await world.clock.sleepers(atLeast: 2)
    world.clock.advance(by: .seconds(2))
    await #expect(throws: BulkheadFull.self) { try await heavy.value }
    try await light.value
    held.release()
    #expect(world.isIdle)
  }

  @Test("A lower limit stops nobody, and places stay empty until fewer are taken than there are")
  func shrinking() async throws {
    let world = BulkheadWorld(limit: 3, queue: QueueSettings(limit: 10))
    let first = try await world.hold()
    let second = try await world.hold()
    let third = try await world.hold()
    let waiting = await world.wait("waiting")
    try world.bulkhead.resize(to: 1)
    #expect(world.bulkhead.running == 3)
    first.release()
    second.release()
    #expect(world.bulkhead.running == 1 && world.bulkhead.queued == 1)
    third.release()
    try await waiting.value
    #expect(world.isIdle)
    // Nor is a newcomer let in by the old limit, with nobody waiting.
    let only = try await world.hold()
    try world.bulkhead.apply(BulkheadSettings())
    try world.bulkhead.resize(to: 1)
    await #expect(throws: BulkheadFull(policy: "test", reason: .queueFull)) {
      try await world.bulkhead.run {}
    }
    only.release()
  }

  @Test("A share of so many hundredths of a hundred places is so many places")
  func hundredths() {
    for percent in 1...100 {
      let share = Double(percent) / 100
      let shares = CriticalityShares(sheddable: share)
      #expect(shares.limits(of: 100).first == UInt64(percent))
    }
    let almost = CriticalityShares(sheddable: 1 - Double.ulpOfOne / 2)
    #expect(almost.limits(of: .max).allSatisfy { $0 <= UInt64(Int.max) })
  }

  @Test("A share comes to at least one place, however small it is")
  func smallShare() async throws {
    let world = BulkheadWorld(limit: 4, shares: CriticalityShares(sheddable: 0))
    try await world.start("sheddable", .sheddable).value
    let held = try await world.hold()
    await #expect(throws: BulkheadFull(policy: "test", reason: .queueFull)) {
      try await world.start("sheddable", .sheddable).value
    }
    try await world.start("sheddable plus", .sheddablePlus).value
    held.release()
    #expect(world.isIdle)
  }

  @Test("A higher limit lets as many go as there is room for, and not one more")
  func growing() async throws {
    let world = BulkheadWorld(limit: 1, queue: QueueSettings(limit: 10))
    let held = try await world.hold()
    let calls = (0..<5).map { _ in HeldCall() }
    var tasks: [Task<Int, any Error>] = []
    for (index, call) in calls.enumerated() {
      tasks.append(Task { try await world.bulkhead.run { try await call.run() } })
      while world.bulkhead.queued < index + 1 { await Task.yield() }
    }
    try world.bulkhead.resize(to: 4)
    for call in calls.prefix(3) { await call.hasBegun() }
    #expect(world.bulkhead.running == 4 && world.bulkhead.queued == 2)
    for call in calls { call.succeed() }
    held.release()
    for task in tasks { _ = try await task.value }
    #expect(world.isIdle)
  }

  @Test("Whoever weighs more than a lowered limit is turned away, for it would wait in vain")
  func shrinkingBelowWeight() async throws {
    let world = BulkheadWorld(limit: 4, queue: QueueSettings(limit: 10))
    let held = try await world.hold(4)
    let heavy = await world.wait("heavy", weight: 3)
    let light = await world.wait("light")
    try world.bulkhead.resize(to: 2)
    await #expect(
      throws: BulkheadFull(policy: "test", reason: .tooHeavy(weight: 3, limit: 2))
    ) { try await heavy.value }
    held.release()
    try await light.value
    #expect(world.isIdle)
  }

  @Test("Settings that make no sense are refused, and those before stay")
  func invalidSettings() throws {
    let world = BulkheadWorld(limit: 3)
    let error = #expect(throws: InvalidSetting.self) { try world.bulkhead.resize(to: 0) }
    #expect(error?.description == "limit is 0, but must be at least 1")
    var settings = world.bulkhead.settings
    settings.shares = CriticalityShares(sheddable: 0.9, sheddablePlus: 0.5)
    #expect(throws: InvalidSetting.self) { try world.bulkhead.apply(settings) }
    settings.shares = CriticalityShares()
    settings.queue = QueueSettings(limit: -1)
    #expect(throws: InvalidSetting.self) { try world.bulkhead.apply(settings) }
    settings.queue = QueueSettings(limit: 1, order: .adaptiveLIFO(after: .seconds(-1)))
    #expect(throws: InvalidSetting.self) { try world.bulkhead.apply(settings) }
    settings.queue = QueueSettings(
      limit: 1,
      dropping: CoDelSettings(target: .zero, interval: .zero)
    )
    #expect(throws: InvalidSetting.self) { try world.bulkhead.apply(settings) }
    #expect(world.bulkhead.settings.limit == 3)
  }

  @Test("A permit that is dropped gives its places back, once")
  func permits() async throws {
    let world = BulkheadWorld(limit: 3)
    do {
      let permit = try await world.hold(2)
      #expect(world.bulkhead.running == 2)
      _ = consume permit
    }
    #expect(world.bulkhead.running == 0)
    let permit = try await world.hold(3)
    permit.release()
    #expect(world.isIdle)
  }

  @Test("Its stage shows every setting")
  func stage() {
    let stage = BulkheadWorld(limit: 3, queue: QueueSettings(limit: 5)).bulkhead.stages.first
    #expect(
      stage?.description
        == "bulkhead “test”: limit 3, queue 5 for up to 1.0 seconds, first come, first served, shares all"
    )
  }
}
