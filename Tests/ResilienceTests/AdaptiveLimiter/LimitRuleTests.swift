import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Limit rules")
struct LimitRuleTests {
  static let rules: [LimitRule] = [.guarded(), .aimd(), .vegas(), .gradient2()]

  @Test("Whatever the samples, the limit stays in its bounds", arguments: rules.indices)
  func bounds(index: Int) async {
    for seed in 0..<(isSoaking ? 200 : 40) as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let low = Int.random(in: 1...30, using: &random)
      let range = low...Int.random(in: low...60, using: &random)
      let initial = Int.random(in: range, using: &random)
      let rules: [LimitRule] = [
        .guarded(from: initial, in: range, window: .nanoseconds(50), samples: 3),
        .aimd(from: initial, in: range, slowAfter: .nanoseconds(40)),
        .vegas(from: initial, in: range, probeMultiplier: 1, window: .nanoseconds(50), samples: 2),
        .gradient2(from: initial, in: range, longWindow: 5, window: .nanoseconds(50), samples: 2),
      ]
      var machine = LimitMachine(rules[index], draw: Double.random(in: 0..<1, using: &random))
      var now = Moment.origin
      for step in 0..<400 {
        now = now.advanced(byNanoseconds: .random(in: 0...40, using: &random))
        if step == 390 { now = .distantFuture }
        let sample = LimitSample(
          roundTrip: [0, 1, .max, .random(in: 0...100, using: &random)]
            .randomElement(using: &random) ?? 0,
          inFlight: .random(in: -1...80, using: &random),
          isOverload: Int.random(in: 0..<10, using: &random) == 0,
          now: now
        )
        let limit = machine.record(sample)
        guard range.contains(limit), limit == machine.limit else {
          Issue.record("seed \(seed), step \(step): \(limit) is not in \(range)")
          return
        }
      }
    }
  }

  @Test("The samples of a sweep move the limit both ways", arguments: rules)
  func sweepMoves(rule: LimitRule) {
    var machine = LimitMachine(rule, draw: 0.5)
    var limits = Set<Int>()
    for step in 0..<20_000 as Range<Int64> {
      let isOverload = step > 10_000 && step % 50 == 0
      let sample = LimitSample(
        roundTrip: 10_000_000,
        inFlight: machine.limit,
        isOverload: isOverload,
        now: Moment(.milliseconds(5 * step))
      )
      limits.insert(machine.record(sample))
    }
    #expect(limits.max() ?? 0 > 20)
    #expect(machine.limit < limits.max() ?? 0)
  }

  @Test("Clients that use less than half of the limit do not raise it in an hour", arguments: rules)
  func unusedLimit(rule: LimitRule) {
    var loop = ModelledLoop(
      rule,
      phases: [.init(until: 3_600, capacity: 50, work: 0.5)],
      sigma: 0.25,
      demand: 9
    )
    loop.run(to: 3_600)
    #expect(loop.calls > 50_000)
    #expect(loop.machine.limit <= 20)
  }

  @Test("A rule describes itself with its settings")
  func descriptions() {
    #expect(
      LimitRuleTests.rules.map(\.description) == [
        "guarded, growth 0.05, probe every 20, from 20 in 1...200, "
          + "window 1.0 seconds and 100 samples",
        "additive increase, multiplicative decrease × 0.9, slow after 5.0 seconds, "
          + "from 20 in 1...200",
        "Vegas, probe multiplier 30, from 20 in 1...200, window 1.0 seconds and 10 samples",
        "gradient, tolerance 1.5, smoothing 0.2, queue 4, long window 600, from 20 in 1...200, "
          + "window 1.0 seconds and 10 samples",
      ]
    )
  }

  @Test(
    "Settings out of range are named with what is allowed",
    arguments: [
      (LimitRule.guarded(from: 0), "initial limit is 0, but must be in 1...200"),
      (.guarded(from: 5, in: 0...10), "lowest limit is 0, but must be in 1...1000000"),
      (.vegas(in: 1...2_000_000), "highest limit is 2000000, but must be in 1...1000000"),
      (.guarded(growth: 0), "growth is 0.0, but must be in 0.01...0.5"),
      (.guarded(growth: .nan), "growth is nan, but must be in 0.01...0.5"),
      (.guarded(probeEvery: 3), "readings between probes is 3, but must be in 4...1000000"),
      (.guarded(window: .zero), "window is 0.0 seconds, but must be at least 1e-09 seconds"),
      (.guarded(samples: 0), "samples of a window is 0, but must be in 1...1000000"),
      (.aimd(backoff: 1), "back-off is 1.0, but must be in 0.1...0.99"),
      (.aimd(slowAfter: .zero), "slow after is 0.0 seconds, but must be at least 1e-09 seconds"),
      (.vegas(probeMultiplier: 0), "probe multiplier is 0, but must be in 1...1000000"),
      (.gradient2(tolerance: 0.9), "tolerance is 0.9, but must be in 1.0...10.0"),
      (.gradient2(smoothing: 0), "smoothing is 0.0, but must be in 0.01...1.0"),
      (.gradient2(queue: 0), "queue at the callee is 0, but must be in 1...1000000"),
      (.gradient2(longWindow: 0), "long window is 0, but must be in 1...1000000"),
    ]
  )
  func invalid(rule: LimitRule, message: String) {
    let error = #expect(throws: InvalidSetting.self) { try rule.validate() }
    #expect(error?.description == message)
  }

  @Test("The defaults of all rules are valid", arguments: rules)
  func defaults(rule: LimitRule) throws { try rule.validate() }
}
