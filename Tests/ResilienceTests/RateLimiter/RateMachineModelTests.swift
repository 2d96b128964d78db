import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Rate machines against a naive model")
struct RateMachineModelTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (inout SplitMix64) -> NaiveRate.Rule

    init(_ name: String, _ make: @escaping @Sendable (inout SplitMix64) -> NaiveRate.Rule) {
      testDescription = name
      self.make = make
    }
  }

  static let kinds = [
    Kind("token bucket") { random in
      .bucket(
        interval: .random(in: 1...9, using: &random),
        burst: .random(in: 1...6, using: &random)
      )
    },
    Kind("smooth") { .bucket(interval: .random(in: 1...20, using: &$0), burst: 1) },
    Kind("fixed window") { random in
      .fixed(permits: .random(in: 1...6, using: &random), per: .random(in: 1...30, using: &random))
    },
    Kind("sliding window") { random in
      .sliding(
        permits: .random(in: 1...6, using: &random),
        per: .random(in: 1...30, using: &random)
      )
    },
  ]

  @Test(
    "They agree on when each weight can be had, and on how many permits there are",
    arguments: kinds
  )
  func agreement(kind: Kind) async throws {
    for seed in 0..<(isSoaking ? 2_000 : 60) as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var naive = NaiveRate(kind.make(&random))
      var machine = naive.machine
      var now = Int64.random(in: -50...50, using: &random)
      for step in 0..<60 {
        var place: Comment { "\(naive.rule), seed \(seed), step \(step)" }
        now += [0, 0, 1, 2, 5, 40].randomElement(using: &random) ?? 0
        let moment = Moment(nanoseconds: now)
        try mustHold(machine.available(at: moment) == naive.available(at: now), place)
        try mustHold(
          machine.isFresh(at: moment) == (naive.available(at: now) == naive.capacity),
          place
        )
        let weight = Int.random(in: 1...naive.capacity, using: &random)
        let earliest = naive.earliest(weight, at: now)
        try mustHold(machine.earliest(weight, at: moment).nanoseconds == earliest, place)
        if Int.random(in: 0..<3, using: &random) > 0 {
          now = earliest
          naive.take(weight, at: now)
          machine.take(weight, at: Moment(nanoseconds: now))
        }
      }
    }
  }

  @Test("The largest and smallest moments do not trap, and a permit can be had there")
  func extremes() {
    let limits: [RateLimit] = [
      .tokenBucket(1_000_000, per: .seconds(1)), .tokenBucket(1, per: .seconds(31_622_400)),
      .smooth(1, per: .seconds(31_622_400), warmUp: .seconds(31_622_400), coldFactor: 100),
      .smooth(1_000, per: .seconds(1), warmUp: .nanoseconds(1)), .fixedWindow(3, per: .seconds(60)),
      .slidingWindow(3, per: .seconds(60)),
    ]
    for limit in limits {
      var machine = limit.machine
      for moment in [.distantPast, Moment.origin, .distantFuture] {
        #expect(machine.earliest(1, at: moment) == moment, "\(limit)")
        machine.take(1, at: moment)
        #expect(machine.earliest(1, at: moment) >= moment, "\(limit)")
        _ = machine.available(at: moment)
      }
    }
  }

  @Test("The log keeps its order while it grows and turns around, and adds up what came together")
  func log() async {
    for seed in 0..<50 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var log = RateLog()
      var array: [(moment: Int64, weight: Int)] = []
      for step in 0..<300 as Range<Int64> {
        if Int.random(in: 0..<5, using: &random) < 3 {
          let moment = step / 2
          log.append(RateLog.Entry(moment: Moment(nanoseconds: moment), weight: 2))
          if array.last?.moment == moment {
            array[array.count - 1].weight += 2
          } else {
            array.append((moment, 2))
          }
        } else if !array.isEmpty {
          #expect(log.removeFirst().weight == array.removeFirst().weight)
        }
        #expect(log.count == array.count, "seed \(seed)")
        for (index, entry) in array.enumerated() where log.count == array.count {
          #expect(
            log[index].moment.nanoseconds == entry.moment && log[index].weight == entry.weight
          )
        }
      }
    }
  }
}
