import ResilienceTesting
import Testing

@testable import Resilience

/// Rules in a closed loop with a modelled server, as values.
@Suite("Limit rules in a closed loop")
struct LimitLoopTests {
  /// How a run went, phase by phase.
  struct Outcome {
    /// Calls, since the phase began, after which the limit stayed near the optimum.
    var callsUntilNear = 0
    var calls = 0
    var lowest = Int.max
    var highest = 0
    var last = 0
  }

  static func outcomes(_ loop: ModelledLoop, _ phases: [ModelledLoop.Phase]) -> [Outcome] {
    var loop = loop
    return phases.map { phase in
      var outcome = Outcome()
      let before = loop.calls
      loop.run(to: phase.until) { loop in
        let limit = loop.machine.limit
        outcome.calls = loop.calls - before
        let share = Double(limit) / Double(phase.capacity)
        if !(0.8...1.2).contains(share) { outcome.callsUntilNear = outcome.calls + 1 }
        outcome.lowest = min(outcome.lowest, limit)
        outcome.highest = max(outcome.highest, limit)
        outcome.last = limit
      }
      return outcome
    }
  }

  /// Fixed capacity; latency doubled, and back; capacity halved, and back. 300 s each.
  static let troubles: [ModelledLoop.Phase] = [
    .init(until: 300, capacity: 50, work: 0.5), .init(until: 600, capacity: 50, work: 1),
    .init(until: 900, capacity: 50, work: 0.5), .init(until: 1_200, capacity: 25, work: 0.5),
    .init(until: 1_500, capacity: 50, work: 0.5),
  ]

  @Test(
    "Guarded comes within a fifth of the optimum after each change, and stays there",
    arguments: [0, 0.25]
  )
  func guarded(sigma: Double) {
    for seed in 1...(isSoaking ? 100 : 3) as ClosedRange<UInt64> {
      let loop = ModelledLoop(.guarded(), phases: Self.troubles, sigma: sigma, seed: seed)
      let outcomes = Self.outcomes(loop, Self.troubles)
      print("guarded", sigma, seed, outcomes.map(\.callsUntilNear), outcomes.map(\.calls))
      for outcome in outcomes { #expect(outcome.callsUntilNear < 3_000, "seed \(seed)") }
    }
  }

  @Test("AIMD does, if the server refuses what is too much")
  func aimd() {
    let loop = ModelledLoop(.aimd(), phases: Self.troubles, queueLimit: 5, sigma: 0.25)
    let outcomes = Self.outcomes(loop, Self.troubles)
    print("aimd", outcomes.map(\.callsUntilNear), outcomes.map(\.calls))
    for outcome in outcomes { #expect(outcome.callsUntilNear < 2_000) }
  }

  @Test("Vegas and Gradient2, for the table")
  func others() {
    for (name, rule) in [("vegas", LimitRule.vegas()), ("gradient2", .gradient2())] {
      let outcomes = Self.outcomes(ModelledLoop(rule, phases: Self.troubles), Self.troubles)
      for o in outcomes { print(name, o) }
    }
  }

  @Test("In an hour of lasting overload", arguments: LimitRuleTests.rules)
  func hour(rule: LimitRule) {
    let phases: [ModelledLoop.Phase] = [
      .init(until: 600, capacity: 30, work: 0.5), .init(until: 3_600, capacity: 30, work: 0.5),
    ]
    var isRefusing = false
    if case .aimd = rule.kind { isRefusing = true }
    let loop = ModelledLoop(rule, phases: phases, queueLimit: isRefusing ? 3 : .max, sigma: 0.25)
    let outcomes = Self.outcomes(loop, phases)
    print("hour", rule, outcomes)
  }
}
