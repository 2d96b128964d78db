import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Presets")
struct PresetTests {
  struct Preset: Sendable, CustomTestStringConvertible {
    let name: String
    let kinds: [PolicyStage.Kind]
    let mostCalls: Int
    let make: @Sendable (Timeline, RandomSource) -> Pipeline<AnyPolicy>

    var testDescription: String { name }
  }

  static let all = [
    Preset(
      name: "standard",
      kinds: [.timeout, .retry, .breaker, .bulkhead, .timeout],
      mostCalls: 3
    ) { .standard("x", timeline: $0, random: $1) },
    Preset(name: "fastFail", kinds: [.breaker, .bulkhead, .timeout], mostCalls: 1) {
      .fastFail("x", timeline: $0, random: $1)
    },
    Preset(
      name: "patient",
      kinds: [.timeout, .retry, .breaker, .bulkhead, .timeout],
      mostCalls: 15
    ) { .patient("x", timeline: $0, random: $1) },
  ]

  @Test("The order and the amplification are those that the documentation says", arguments: all)
  func order(preset: Preset) {
    let pipeline = preset.make(.system, .system)
    #expect(pipeline.stages.map(\.kind) == preset.kinds)
    #expect(pipeline.mostCalls == preset.mostCalls)
  }

  @Test("In an outage one call becomes no more than said, within the time said", arguments: all)
  func outage(preset: Preset) async throws {
    try await Simulation(seed: 5).run { world in
      let pipeline = preset.make(world.timeline, world.random)
      let limits: [String: Duration] = [
        "standard": .seconds(10), "fastFail": .seconds(1), "patient": .seconds(600),
      ]
      let calls = Counter()
      for _ in 0..<20 {
        let before = calls.value
        let begin = world.now
        _ = try? await pipeline.run {
          calls.add()
          try await world.sleep(for: .seconds(60))
        }
        let made = calls.value - before
        try world.require(made <= preset.mostCalls, "one call became \(made)")
        let took = world.now - begin
        let limit = limits[preset.name] ?? .zero
        try world.require(took <= limit, "one call took \(took)")
      }
      try world.require(calls.value > 0, "nothing was called")
    }
  }

  @Test("The patient one outlasts an outage of minutes, with few calls to what is down")
  func patience() async throws {
    try await Simulation(seed: 9).run { world in
      let service = ModelledService(in: world)
      service.outage(from: .zero, to: .seconds(200))
      let pipeline = Pipeline.patient("x", timeline: world.timeline, random: world.random)
      try await pipeline.run { try await service.call() }
      try world.require(world.now >= .seconds(200), "succeeded at \(world.now)")
      try world.require(service.calls.count <= 10, "\(service.calls.count) calls")
    }
  }

  @Test("The quick one refuses at once when the callee hangs, and comes back when it is well")
  func quickness() async throws {
    try await Simulation(seed: 9).run { world in
      let pipeline = Pipeline.fastFail("x", timeline: world.timeline, random: world.random)
      for _ in 0..<3 {
        _ = try? await pipeline.run { try await world.sleep(for: .seconds(3_600)) }
      }
      let begin = world.now
      do {
        try await pipeline.run {}
        try world.require(false, "the circuit is not open")
      } catch is CircuitOpen {
        try world.require(world.now == begin, "the refusal took \(world.now - begin)")
      }
      try await world.sleep(for: .seconds(5))
      try await pipeline.run {}
    }
  }
}
