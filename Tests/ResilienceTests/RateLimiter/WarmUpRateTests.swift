import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Warm-up")
struct WarmUpRateTests {
  /// 100 ms apart when warm, 300 ms when cold, 2 s to warm up: ten permits on the slope.
  private let limit = RateLimit.smooth(10, per: .seconds(1), warmUp: .seconds(2))

  /// Takes permits as soon as they come, and returns the milliseconds between them.
  private func spacings(_ machine: inout any RateMachine, from now: Moment, _ count: Int) -> [Int64]
  {
    var now = machine.earliest(1, at: now)
    return (0..<count).map { _ in
      machine.take(1, at: now)
      let next = machine.earliest(1, at: now)
      defer { now = next }
      return now.nanoseconds(to: next) / 1_000_000
    }
  }

  @Test("It begins at the cold rate and reaches the stable one after the time to warm up")
  func warmingUp() {
    var machine = limit.machine
    let spacings = spacings(&machine, from: .origin, 13)
    #expect(spacings == [290, 270, 250, 230, 210, 190, 170, 150, 130, 110, 100, 100, 100])
    #expect(spacings.prefix(10).reduce(0, +) == 2_000)
  }

  @Test("It cools down as it idles: by half in half the time, wholly in all of it")
  func coolingDown() {
    for (idle, first) in [(0, 100), (1_000, 190), (2_000, 290), (9_000, 290)] as [(Int64, Int64)] {
      var machine = limit.machine
      _ = spacings(&machine, from: .origin, 20)
      let free = machine.earliest(1, at: .origin)
      #expect(machine.isFresh(at: free.advanced(by: .milliseconds(idle))) == (idle >= 2_000))
      #expect(spacings(&machine, from: free.advanced(by: .milliseconds(idle)), 1) == [first])
    }
  }

  @Test("Steady use at half the stable rate keeps it warm")
  func halfUse() {
    var machine = limit.machine
    var now = Moment.origin
    for _ in 0..<40 {
      now = machine.earliest(1, at: now.advanced(by: .milliseconds(200)))
      machine.take(1, at: now)
    }
    #expect(now.duration(to: machine.earliest(1, at: now)) <= .milliseconds(120))
  }

  @Test("A cold factor of one, and a time to warm up of a nanosecond, are a plain smooth limit")
  func plain() {
    for limit: RateLimit in [
      .smooth(10, per: .seconds(1), warmUp: .seconds(2), coldFactor: 1),
      .smooth(10, per: .seconds(1), warmUp: .nanoseconds(1)),
    ] {
      var machine = limit.machine
      #expect(spacings(&machine, from: .origin, 3) == [100, 100, 100], "\(limit)")
    }
  }

  @Test("It agrees with the line summed up in thin slices, under random pauses")
  func model() async throws {
    for seed in 0..<50 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let interval = Double(Int.random(in: 1_000...1_000_000, using: &random))
      let warmUp = Double(Int.random(in: 1_000...20_000_000, using: &random))
      let factor = Double.random(in: 1...10, using: &random)
      var machine = WarmUpRate(interval: Int64(interval), warmUp: Int64(warmUp), coldFactor: factor)
      // Between N and 0 the spacing falls from `factor` to 1; N is such that warming up takes `warmUp`.
      let coldest = warmUp / (interval * (1 + factor) / 2)
      var (cold, now) = (coldest, Moment.origin)
      for step in 0..<40 {
        machine.take(1, at: now)
        let slices = 2_000
        let cost = (0..<slices).reduce(0.0) { sum, slice in
          let place = max(0, cold - (Double(slice) + 0.5) / Double(slices))
          return sum + interval * (1 + (factor - 1) * place / coldest) / Double(slices)
        }
        cold = max(0, cold - 1)
        let free = machine.earliest(1, at: now)
        let difference = Double(now.nanoseconds(to: free)) - cost
        try #require(abs(difference) <= 1 + cost * 1e-4, "seed \(seed), step \(step)")
        let pause = Bool.random(using: &random) ? 0 : Double.random(in: 0...warmUp, using: &random)
        now = free.advanced(byNanoseconds: Int64(pause))
        cold = min(coldest, cold + Double(Int64(pause)) * coldest / warmUp)
      }
    }
  }
}
