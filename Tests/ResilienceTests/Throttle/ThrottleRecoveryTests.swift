import ResilienceTesting
import Testing

@testable import Resilience

/// How long a throttle takes until it refuses nothing any more, once its callee is well.
@Suite("Recovery of a throttle")
struct ThrottleRecoveryTests {
  /// Calls that come at 100 a second to a callee that takes a share of them, for three windows, and
  /// then all of them.
  ///
  /// - Returns: How many windows it took from then on until nothing was refused.
  private func windows(
    taking share: Double,
    seed: UInt64,
    _ change: (inout ThrottleSettings) -> Void = { _ in }
  ) -> Double {
    var settings = ThrottleSettings()
    change(&settings)
    var random = SplitMix64(seed: seed)
    var machine = ThrottleMachine(settings)
    var capacity = 0.0
    let step = Duration.milliseconds(10)
    let calls = Int(settings.window / step)
    for call in 0..<(10 * calls) {
      let now = Moment(step * call)
      let isWell = call >= 3 * calls
      if isWell, !machine.shedding(at: now).isAny {
        return Double(call - 3 * calls) / Double(calls)
      }
      // A callee with a short queue, which uses what it can do.
      capacity = min(10, capacity + share)
      let draw = Double.random(in: 0..<1, using: &random)
      guard machine.admit(.critical, draw: draw, at: now) == .admitted else { continue }
      let isTaken = isWell || capacity >= 1
      if isTaken { capacity -= 1 }
      machine.settle(.critical, as: isTaken ? .success : .failure, at: now)
    }
    return .infinity
  }

  @Test(
    "After an overload of four or eight times it takes less than one window",
    arguments: [4, 8]
  )
  func overload(times: Int) async {
    for seed in 0..<(isSoaking ? 5 : 2) as Range<UInt64> {
      await Task.yield()
      let windows = windows(taking: 1 / Double(times), seed: seed)
      #expect(windows < 1.05, "seed \(seed)")
      #expect(windows > 0.3, "seed \(seed)")
    }
  }

  @Test("After a total outage it takes two windows and a bit, since only probes were let through")
  func outage() async {
    for seed in 0..<(isSoaking ? 5 : 2) as Range<UInt64> {
      await Task.yield()
      #expect((2..<2.6).contains(windows(taking: 0, seed: seed)), "seed \(seed)")
    }
  }

  @Test("More probes and a shorter window make it quicker")
  func probes() async {
    for seed in 0..<(isSoaking ? 5 : 2) as Range<UInt64> {
      await Task.yield()
      #expect(windows(taking: 0, seed: seed) { $0.maxRejection = 0.8 } < 1.6, "seed \(seed)")
      #expect(windows(taking: 0, seed: seed) { $0.window = .seconds(30) } < 2.7, "seed \(seed)")
    }
  }

  @Test(
    "However long the outage was and whatever the class, it ends",
    arguments: Criticality.allCases
  )
  func everyClass(criticality: Criticality) {
    var settings = ThrottleSettings()
    settings.maxRejection = 0.999
    var random = SplitMix64(seed: UInt64(criticality.rawValue))
    var machine = ThrottleMachine(settings)
    // Ten windows of nothing but failures, and then one success after the other.
    for second in 0..<12_000 {
      let now = Moment.seconds(Int64(second))
      for _ in 0..<10 {
        let draw = Double.random(in: 0..<1, using: &random)
        guard machine.admit(criticality, draw: draw, at: now) == .admitted else { continue }
        machine.settle(criticality, as: second < 1_200 ? .failure : .success, at: now)
      }
    }
    #expect(!machine.shedding(at: .seconds(12_000)).isAny)
  }
}
