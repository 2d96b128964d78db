import Dispatch
import Resilience
import ResilienceTesting
import Testing

@Suite("Simulation")
struct SimulationTests {
  @Test("Half an hour passes at once, and to the nanosecond")
  func virtualTime() async throws {
    let times = try await Simulation(seed: 1).run { world in
      let begin = world.now
      try await world.sleep(for: .seconds(1_800))
      try await world.clock.sleep(for: .nanoseconds(1))
      return (begin, world.now)
    }
    #expect(times.0 == .zero)
    #expect(times.1 == .seconds(1_800) + .nanoseconds(1))
  }

  @Test("Sleepers wake in the order of their moments, whatever the seed")
  func sleepers() async throws {
    try await Simulation.explore(seeds: 0..<50) { world in
      for wait in [30, 10, 20] {
        world.spawn("sleeper \(wait)") {
          try await world.sleep(for: .seconds(wait))
          world.note("\(wait)")
        }
      }
      try await world.sleep(for: .seconds(60))
      let expected = "10.000000000  10\n20.000000000  20\n30.000000000  30\n"
      try world.require(world.trace == expected, world.trace)
    }
  }

  @Test("The seed decides the order of what happens at the same moment")
  func interleavings() async throws {
    var orders: Set<String> = []
    for seed in 0..<100 {
      let order = try await Simulation(seed: UInt64(seed)).run { world in
        await withTaskGroup(of: Void.self) { group in
          for name in ["a", "b", "c"] {
            group.addTask { world.note(name) }
          }
        }
        return world.trace
      }
      orders.insert(order)
    }
    #expect(orders.count == 6)
  }

  @Test("Groups, async let, actors and spawned tasks all follow the world")
  func followers() async throws {
    actor Sum {
      var total = 0
      func add(_ number: Int) { total += number }
    }
    let total = try await Simulation(seed: 3).run { world in
      let sum = Sum()
      async let one: Void = {
        try await world.sleep(for: .seconds(1))
        await sum.add(1)
      }()
      let two = world.spawn("two") { await sum.add(2) }
      await withDiscardingTaskGroup { group in
        group.addTask { await sum.add(4) }
      }
      try await one
      try await two.value
      return await sum.total
    }
    #expect(total == 7)
  }

  @Test("What the body throws comes out")
  func bodyFails() async throws {
    struct Boom: Error {}
    await #expect(throws: Boom.self) {
      try await Simulation(seed: 1).run { _ in throw Boom() }
    }
  }

  @Test("Idleness comes when all others wait, before time passes")
  func idle() async throws {
    try await Simulation.explore(seeds: 0..<50) { world in
      let steps = Guarded(0)
      world.spawn("worker") {
        for _ in 1...5 {
          await Task.yield()
          steps.withLock { $0 += 1 }
        }
        try await world.sleep(for: .seconds(1))
        steps.withLock { $0 += 1 }
      }
      await world.idle()
      let count = steps.withLock { $0 }
      try world.require(count == 5 && world.now == .zero, "\(count) at \(world.now)")
    }
  }

  @Test("Of two alarms of one moment either may ring first, and one cancelled by the other never")
  func alarmsOfOneMoment() async throws {
    final class Bell: Alarm {
      private let slot = AlarmSlot()
      var queueIndex: Int? {
        get { slot.index }
        set { slot.index = newValue }
      }
      let action: @Sendable () -> Void
      init(_ action: @escaping @Sendable () -> Void) { self.action = action }
      func ring() { action() }
    }
    var traces: Set<String> = []
    for seed in 0..<50 {
      traces.insert(
        try await Simulation(seed: UInt64(seed)).run { world in
          let second = Bell { world.note("second") }
          let first = Bell {
            world.note("first")
            world.timeline.cancel(second)
          }
          world.timeline.schedule(first, at: Moment(.seconds(1)))
          world.timeline.schedule(second, at: Moment(.seconds(1)))
          try await world.sleep(for: .seconds(2))
          return world.trace
        }
      )
    }
    let first = "1.000000000  first\n"
    #expect(traces == [first, "1.000000000  second\n" + first])
  }

  // MARK: What goes wrong

  @Test("A stuck world says who waits")
  func stuck() async throws {
    let parked = Parked<Void>()
    let record = await Simulation(seed: 1).record { world in
      world.spawn("quick") {}
      let waiter = world.spawn("waiter") { await parked.wait() }
      try await world.sleep(for: .seconds(5))
      try await waiter.value
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .stuck(at: Moment(.seconds(5)), waiting: ["the body", "waiter"]))
    #expect(error?.description.contains("“the body”, “waiter” still wait") == true)
    parked.resume(with: ())
  }

  @Test("An endless loop ends at the limit of steps")
  func endlessSteps() async throws {
    var limits = SimulationLimits()
    limits.steps = 1_000
    let record = await Simulation(seed: 1, limits: limits).record { _ in
      while !Task.isCancelled { await Task.yield() }
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .tooManySteps(1_000, at: .origin, running: ["the body"]))
  }

  @Test("An endless loop ends even if it is deaf to cancellation")
  func deafLoop() async throws {
    var limits = SimulationLimits()
    limits.steps = 1_000
    let record = await Simulation(seed: 1, limits: limits).record { _ in
      while true { await Task.yield() }
    }
    #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(record.steps == 2_000)
  }

  @Test("A world that waits for too long ends at the limit of time")
  func endlessTime() async throws {
    var limits = SimulationLimits()
    limits.time = .seconds(60)
    let record = await Simulation(seed: 1, limits: limits).record { world in
      while true { try await world.sleep(for: .seconds(7)) }
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .tooMuchTime(.seconds(60), waiting: ["the body"]))
    #expect(record.duration == .seconds(56))
  }

  @Test("A thread of the outside is found out")
  func disturbed() async throws {
    let parked = Parked<Void>()
    let record = await Simulation(seed: 1).record { world in
      let done = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        world.timeline.cancel(Nobody())
        done.signal()
      }
      hold(done)
      await parked.wait()
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .disturbed(at: .origin, running: ["the body"]))
    parked.resume(with: ())
  }

  @Test("A real clock is either found out or leaves the world stuck")
  func realClock() async throws {
    let record = await Simulation(seed: 1).record { _ in
      try await Timeline.system.sleep(for: .seconds(60))
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .stuck(at: .origin, waiting: ["the body"]))
  }

  @Test("A deadline is measured by the world's time, without being told")
  func deadline() async throws {
    try await Simulation(seed: 1).run { world in
      try await withCallDeadline(in: .seconds(60)) {
        try await world.sleep(for: .seconds(59))
        let left = Deadline.current?.remaining
        try world.require(left == .seconds(1), "\(String(describing: left)) are left")
      }
    }
    #expect(Timeline.ofWorld == nil)
  }

  @Test("A clock that can only sleep stays in the world, too")
  func clockTime() async throws {
    let record = await Simulation(seed: 1).record { world in
      let timeout = Timeout(.seconds(2), timeline: Timeline(world.clock))
      let other = world.spawn("sleeper") { try await world.sleep(for: .seconds(1)) }
      await #expect(throws: TimedOut.self) {
        try await timeout.run { try await world.sleep(for: .seconds(60)) }
      }
      try await other.value
      try world.require(world.now == .seconds(2), "it is \(world.now)")
    }
    try record.result.get()
  }

  @Test("Tasks that still run when the body ends are cancelled and brought to their end")
  func leftBehind() async throws {
    let record = await Simulation(seed: 1).record { world in
      world.spawn("daemon") {
        while !Task.isCancelled { try? await world.sleep(for: .seconds(1)) }
        world.note("daemon ends")
      }
      try await world.sleep(for: .milliseconds(2_500))
    }
    #expect(record.trace == "2.500000000  daemon ends\n")
    #expect(throws: Never.self) { try record.result.get() }
  }

  @Test("A task that does not end when cancelled is an error with its name")
  func leftover() async throws {
    let parked = Parked<Void>()
    let record = await Simulation(seed: 1).record { world in
      world.spawn("deaf") { await parked.wait() }
      return 1
    }
    let error = #expect(throws: SimulationError.self) { try record.result.get() }
    #expect(error == .leftover(["deaf"]))
    parked.resume(with: ())
  }

  @Test("Cancelling the run cancels the body")
  func cancelled() async throws {
    let begun = Parked<Void>()
    let task = Task {
      try await Simulation(seed: 1).run { world in
        begun.resume(with: ())
        while true { try await world.sleep(for: .nanoseconds(1)) }
      }
    }
    await begun.wait()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  private func hold(_ semaphore: DispatchSemaphore) { semaphore.wait() }
}

private final class Nobody: Alarm {
  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  func ring() {}
}
