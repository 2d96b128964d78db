import ResilienceTesting
import Testing

@testable import Resilience

/// The rules reading by reading, against what a hand gets with the published formulas.
@Suite("Limit rules by hand")
struct LimitArithmeticTests {
  private let bounds = LimitBounds(initial: 20, range: 1...200)

  /// A reading of round trips in milliseconds, with throughput in calls per second.
  private func reading(
    _ roundTrip: Double?,
    throughput: Double = 100,
    inFlight: Int = 200,
    hasOverload: Bool = false,
    isClipped: Bool = false
  ) -> LimitWindow.Reading {
    LimitWindow.Reading(
      roundTrip: roundTrip.map { $0 * 1e6 },
      throughput: throughput / 1e9,
      inFlight: inFlight,
      hasOverload: hasOverload,
      isClipped: isClipped,
      now: .origin
    )
  }

  // MARK: Additive increase, multiplicative decrease

  private func sample(at second: Int64, took: Int64 = 1, inFlight: Int = 20, overload: Bool = false)
    -> LimitSample
  {
    LimitSample(
      roundTrip: took * 1_000_000_000,
      inFlight: inFlight,
      isOverload: overload,
      now: .seconds(second)
    )
  }

  private func aimd() -> AIMDLimit {
    AIMDLimit(.init(bounds: bounds, backoff: 0.9, slowAfter: 5_000_000_000))
  }

  @Test("Additive increase: one more per round of calls, while half of the limit is used")
  func additiveIncrease() {
    var limit = aimd()
    for _ in 1...19 { limit.record(sample(at: 1)) }
    #expect(limit.limit == 20)
    limit.record(sample(at: 1))
    #expect(limit.limit == 21)
    for _ in 1...100 { limit.record(sample(at: 1, inFlight: 10)) }
    #expect(limit.limit == 21)
    for _ in 1...21 { limit.record(sample(at: 1, inFlight: 11)) }
    #expect(limit.limit == 22)
  }

  @Test("Multiplicative decrease: once per round, for an overload and for a call that is too slow")
  func multiplicativeDecrease() {
    var limit = aimd()
    limit.record(sample(at: 10, overload: true))
    #expect(limit.limit == 18)
    // These began before the limit was cut.
    limit.record(sample(at: 11, overload: true))
    limit.record(sample(at: 12, took: 6))
    #expect(limit.limit == 18)
    limit.record(sample(at: 17, took: 6))
    #expect(abs(limit.limit - 16.2) < 1e-9)
    limit.record(sample(at: 23, took: 5))
    #expect(abs(limit.limit - 16.2) < 1e-9)
  }

  // MARK: Vegas

  @Test("Vegas counts who waits at the callee, and keeps three to six")
  func vegas() {
    /// The limit after a first reading of 80 ms and this one.
    func limit(after roundTrip: Double, inFlight: Int = 20) -> Double {
      var limit = VegasLimit(.init(bounds: bounds, probeMultiplier: 30), draw: 0)
      limit.update(reading(80))
      limit.update(reading(roundTrip, inFlight: inFlight))
      return limit.limit
    }
    #expect(limit(after: 82) == 26)  // 0.5 wait: one, so well below
    #expect(limit(after: 88) == 21)  // 1.8 wait: two
    #expect(limit(after: 90) == 20)  // 2.2 wait: three
    #expect(limit(after: 100) == 20)  // four
    #expect(limit(after: 114) == 20)  // 5.96 wait: six
    #expect(limit(after: 120) == 19)  // 6.7 wait: seven
    #expect(limit(after: 82, inFlight: 9) == 20)
    #expect(limit(after: 120, inFlight: 9) == 20)
  }

  @Test("Vegas steps by one below 100, by two below 1000, by three below 10000")
  func steps() {
    #expect([1.0, 10, 99, 100, 999, 1_000, 9_999].map(\.decimalStep) == [1, 1, 1, 2, 2, 3, 3])
  }

  @Test("Vegas takes the shortest round trip anew after 15 to 30 readings per place of the limit")
  func vegasProbes() {
    for (draw, readings) in [(0.0, 300), (0.5, 450)] {
      var limit = VegasLimit(.init(bounds: bounds, probeMultiplier: 30), draw: draw)
      limit.update(reading(100))
      for _ in 2..<readings { limit.update(reading(125)) }
      #expect(limit.shortest == 100e6)
      limit.update(reading(125))
      #expect(limit.shortest == 125e6)
    }
  }

  @Test("Vegas makes a step down on overload, whatever the round trips say")
  func vegasOverload() {
    var limit = VegasLimit(.init(bounds: bounds, probeMultiplier: 30), draw: 0)
    limit.update(reading(nil, hasOverload: true))
    #expect(limit.limit == 19)
  }

  // MARK: Gradient2

  private func gradient(warmedUpAt roundTrip: Double) -> GradientLimit {
    var limit = GradientLimit(
      .init(bounds: bounds, tolerance: 1.5, smoothing: 0.2, queue: 4, longWindow: 599)
    )
    for _ in 1...10 { limit.update(reading(roundTrip, inFlight: 1)) }
    return limit
  }

  @Test("Gradient2 follows its published formula")
  func gradient2() {
    var limit = gradient(warmedUpAt: 100)
    #expect(abs(limit.longAverage - 100e6) < 1)
    #expect(limit.limit == 20)
    // The long average becomes 100 + 200 / 300, and the gradient 1.5 × 100.667 / 300 = 0.50333.
    limit.update(reading(300))
    #expect(abs(limit.longAverage - 100.666_667e6) < 10)
    #expect(abs(limit.limit - (16 + 0.2 * (20 * 0.503_333_3 + 4))) < 1e-4)
    // Half as much again is tolerated: the limit grows by a fifth of the queue.
    let before = limit.limit
    limit.update(reading(140))
    #expect(abs(limit.limit - before - 0.8) < 1e-9)
  }

  @Test("Gradient2 lets a long average fall quickly once it is more than twice the present")
  func gradientFalls() {
    var limit = gradient(warmedUpAt: 300)
    limit.update(reading(100, inFlight: 1))
    let smoothed = 300.0 - 200.0 / 300
    #expect(abs(limit.longAverage - smoothed * 0.95 * 1e6) < 1e3)
  }

  @Test("Gradient2 shrinks by a tenth on overload")
  func gradientOverload() {
    var limit = gradient(warmedUpAt: 100)
    limit.update(reading(10, hasOverload: true))
    #expect(abs(limit.limit - 18) < 1e-9)
  }

  // MARK: Guarded

  private func guarded() -> GuardedLimit {
    GuardedLimit(.init(bounds: bounds, growth: 0.05, probeEvery: 20), draw: 0)
  }

  /// A limit with a baseline of 100 ms that has just lowered itself for a probe.
  private func probing() -> GuardedLimit {
    var limit = guarded()
    for _ in 1...2 { limit.update(reading(100)) }
    return limit
  }

  @Test("Guarded grows by its share, and follows the gradient with a tolerance of a twentieth")
  func guardedGradient() {
    var limit = guarded()
    limit.update(reading(100))
    #expect(abs(limit.limit - 21) < 1e-9)
    limit.update(reading(210))
    // 21 × 1.05 × 100 / 210 + 21 × 0.05 = 11.55; a cut, and so a probe at four fifths.
    #expect(abs(limit.limit - 11.55 * 0.8) < 1e-9)
  }

  @Test("Guarded holds still while less than half of the limit is used, but learns what is shorter")
  func guardedUnused() {
    var limit = guarded()
    for _ in 1...100 { limit.update(reading(100, inFlight: 9)) }
    for _ in 1...100 { limit.update(reading(1_000, inFlight: 9)) }
    #expect(limit.limit == 20)
    #expect(limit.baseline == 100e6)
    limit.update(reading(74, inFlight: 9))
    #expect(limit.baseline == 74e6)
  }

  @Test("A probe is one reading at four fifths of the limit")
  func probe() {
    var limit = probing()
    #expect(abs(limit.limit - 22.05 * 0.8) < 1e-9)
    limit.update(reading(100, inFlight: 17))
    #expect(abs(limit.limit - 22.05) < 1e-9)
    var steps = 0
    var before = 0.0
    while limit.limit > before, steps < 100 {
      before = limit.limit
      limit.update(reading(104))
      steps += 1
    }
    // Half of twenty readings later, with a draw of 0, it probes again.
    #expect(steps == 10)
  }

  /// The baseline in milliseconds after a probe at 17 calls in flight, and a reading at 22.
  private func baseline(
    probe: (roundTrip: Double, throughput: Double),
    whole: (roundTrip: Double, throughput: Double),
    inFlight: Int = 200,
    isClipped: Bool = false
  ) -> Double {
    var limit = probing()
    limit.update(
      reading(
        probe.roundTrip,
        throughput: probe.throughput,
        inFlight: inFlight,
        isClipped: isClipped
      )
    )
    limit.update(reading(whole.roundTrip, throughput: whole.throughput))
    return (limit.baseline / 1e6 * 1e6).rounded() / 1e6
  }

  @Test("A probe judges the baseline by power")
  func verdicts() {
    // Near a new baseline: all the way.
    #expect(baseline(probe: (110, 100), whole: (110, 130)) == 110)
    #expect(baseline(probe: (90, 100), whole: (110, 130)) == 90)
    // Below: at once.
    #expect(baseline(probe: (80, 100), whole: (100, 100)) == 80)
    // Above, and fewer calls took as long for less throughput: the callee is slower.
    #expect(baseline(probe: (200, 85), whole: (200, 110)) == 200)
    // Above, and fewer calls took less time for the same throughput: calls queue.
    #expect(baseline(probe: (160, 100), whole: (200, 100)) == 100)
  }

  @Test("Once a probe has agreed, the next ones move the baseline three tenths of the way")
  func agreement() {
    var limit = probing()
    limit.update(reading(100, inFlight: 17))
    var before = 0.0
    while limit.limit > before {
      before = limit.limit
      limit.update(reading(100))
    }
    limit.update(reading(110))
    limit.update(reading(110))
    #expect(abs(limit.baseline - 103e6) < 1)
  }

  @Test("A probe that was not fully used, or saw too many calls hang, judges nothing")
  func voidProbes() {
    #expect(baseline(probe: (200, 85), whole: (200, 110), inFlight: 16) == 100)
    #expect(baseline(probe: (200, 85), whole: (200, 110), isClipped: true) == 100)
  }

  @Test("Clearly shorter round trips are the baseline at once, and the next one goes on with it")
  func falling() {
    var limit = guarded()
    limit.update(reading(200))
    limit.update(reading(151, inFlight: 1))
    #expect(limit.baseline == 200e6)
    limit.update(reading(149, inFlight: 1))
    #expect(limit.baseline == 149e6)
    limit.update(reading(140, inFlight: 1))
    #expect(limit.baseline == 140e6)
    limit.update(reading(141, inFlight: 1))
    limit.update(reading(130, inFlight: 1))
    #expect(limit.baseline == 140e6)
  }

  @Test("At its lowest the limit takes the round trips as they are")
  func lowest() {
    var limit = GuardedLimit(
      .init(bounds: LimitBounds(initial: 1, range: 1...1), growth: 0.05, probeEvery: 4),
      draw: 0
    )
    limit.update(reading(100, inFlight: 1))
    for _ in 1...8 { limit.update(reading(300, inFlight: 1)) }
    #expect(limit.baseline == 300e6)
    #expect(limit.limit == 1)
  }

  @Test("An overload cuts the limit by a tenth and ends a probe")
  func guardedOverload() {
    var limit = probing()
    limit.update(reading(10, hasOverload: true))
    #expect(abs(limit.limit - 22.05 * 0.9) < 1e-9)
    #expect(limit.baseline == 100e6)
  }
}
