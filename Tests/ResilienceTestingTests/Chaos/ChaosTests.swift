import Resilience
import ResilienceTesting
import Testing

@Suite("Chaos policies")
struct ChaosTests {
  private struct Boom: Error, Equatable {
    var text = ""
  }

  private let chaos = ChaosSwitch()

  private func plan(
    rate: Double = 1,
    during window: Range<Duration>? = nil,
    timeline: Timeline = .system,
    where condition: (@Sendable (ChaosCall) -> Bool)? = nil
  ) -> ChaosPlan {
    ChaosPlan(
      chaos,
      rate: rate,
      during: window,
      timeline: timeline,
      random: RandomSource(SplitMix64(seed: 1)),
      where: condition
    )
  }

  /// What becomes of `count` calls: a dot for each that is made, an x for each that fails.
  private func calls(_ count: Int, of policy: some Policy) async -> String {
    var text = ""
    for _ in 0..<count {
      do { text += try await policy.run { "." } } catch { text += "x" }
    }
    return text
  }

  @Test("Nothing happens unless chaos is turned on, and no more once it is turned off")
  func off() async {
    let fault = ChaosFault(plan()) { _ in Boom() }
    #expect(await calls(3, of: fault) == "...")
    chaos.turnOn()
    #expect(await calls(3, of: fault) == "xxx")
    chaos.turnOff()
    #expect(await calls(3, of: fault) == "...")
  }

  @Test("The rate decides how many calls are struck, the seed which ones")
  func rate() async {
    chaos.turnOn()
    let text = await calls(1_000, of: ChaosFault(plan(rate: 0.2)) { _ in Boom() })
    #expect((150...250).contains(text.count { $0 == "x" }))
    #expect(await calls(1_000, of: ChaosFault(plan(rate: 0.2)) { _ in Boom() }) == text)
    #expect(await calls(9, of: ChaosFault(plan(rate: 0)) { _ in Boom() }) == ".........")
  }

  @Test("Only calls within the window are struck")
  func window() async {
    let clock = ManualClock()
    chaos.turnOn()
    let window = Duration.seconds(10)..<Duration.seconds(20)
    let fault = ChaosFault(plan(during: window, timeline: Timeline(clock))) { _ in Boom() }
    var text = await calls(1, of: fault)
    for _ in 1...4 {
      clock.advance(by: .seconds(5))
      text += await calls(1, of: fault)
    }
    #expect(text == "..xx.")
  }

  @Test("Closures decide by call: whether, how often and with what")
  func closures() async {
    chaos.turnOn()
    let byTenant = ChaosFault(plan { $0.metadata["tenant"] == "test" }) { call in
      Boom(text: call.metadata["tenant"] ?? "none")
    }
    #expect(await calls(1, of: byTenant) == ".")
    await #expect(throws: Boom(text: "test")) {
      try await withCallMetadata(["tenant": "test"]) { try await byTenant.run {} }
    }
    let rates = ChaosPlan(chaos, rateOf: { $0.metadata["tenant"] == nil ? 0 : 1 })
    let byRate = ChaosFault(rates) { _ in Boom() }
    #expect(await calls(1, of: byRate) == ".")
    await withCallMetadata(["tenant": "x"]) {
      #expect(await calls(1, of: byRate) == "x")
    }
  }

  @Test("Latency is added before the call, in the plan's own time")
  func latency() async throws {
    try await Simulation(seed: 1).run { [chaos] world in
      chaos.turnOn()
      let plan = ChaosPlan(chaos, rate: 1, timeline: world.timeline, random: world.random)
      let latency = ChaosLatency(plan, .constant(.seconds(3)))
      try await latency.run {}
      #expect(world.now == .seconds(3))
      let timeout = Timeout(.seconds(1), timeline: world.timeline)
      await #expect(throws: TimedOut.self) { try await timeout.run { try await latency.run {} } }
    }
  }

  @Test("A value replaces those of its type only")
  func value() async throws {
    chaos.turnOn()
    let value = ChaosValue(plan()) { _ in 7 }
    #expect(try await value.run { 1 } == 7)
    #expect(try await value.run { "one" } == "one")
  }

  @Test("A behaviour is done before the call, which is not made when it throws")
  func behaviour() async throws {
    chaos.turnOn()
    let recorder = EventRecorder()
    let breaker = CircuitBreaker("callee", observer: recorder)
    let trips = ChaosBehaviour(plan()) { _ in _ = await breaker.hold(.forcedOpen) }
    let pipeline = Pipeline("x") {
      trips
      breaker
    }
    await #expect(throws: CircuitOpen.self) { try await pipeline.run {} }
    #expect(recorder.states(of: "callee") == [.closed, .forcedOpen])
    let throwing = ChaosBehaviour(plan()) { _ in throw Boom() }
    await #expect(throws: Boom()) { try await throwing.run { Issue.record("was called") } }
  }

  @Test("A recorder's trace has a line per event")
  func recorder() async throws {
    let clock = ManualClock()
    let recorder = EventRecorder()
    let timeout = Timeout(.zero, timeline: Timeline(clock), observer: recorder)
    await #expect(throws: TimedOut.self) { try await timeout.run {} }
    clock.advance(by: .milliseconds(1_500))
    await #expect(throws: TimedOut.self) { try await timeout.run {} }
    #expect(
      recorder.trace == """
        0.000000000  timeout: took longer than 0.0 seconds
        1.500000000  timeout: took longer than 0.0 seconds

        """
    )
    #expect(recorder.events(from: .seconds(1), to: .seconds(2)).count == 1)
    #expect(recorder.events(of: "other").isEmpty)
  }
}
