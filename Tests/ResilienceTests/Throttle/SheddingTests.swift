import ResilienceTesting
import Testing

@testable import Resilience

@Suite("What a throttle sheds")
struct SheddingTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let requests: Int
    let accepts: Int
    let ratio: Double
    let probability: Double

    init(_ requests: Int, _ accepts: Int, _ ratio: Double, _ probability: Double) {
      (self.requests, self.accepts, self.ratio) = (requests, accepts, ratio)
      self.probability = probability
    }

    var testDescription: String { "\(accepts) of \(requests), K \(ratio)" }
  }

  @Test(
    "The formula gives its worked numbers",
    arguments: [
      Row(0, 0, 2, 0), Row(1, 0, 2, 1 / 2), Row(1, 1, 2, 0), Row(9, 0, 2, 9 / 10),
      Row(100, 100, 2, 0), Row(100, 51, 2, 0), Row(100, 50, 2, 0), Row(100, 49, 2, 2 / 101),
      Row(100, 30, 2, 40 / 101), Row(100, 30, 1.5, 55 / 101), Row(100, 0, 2, 100 / 101),
      Row(100, 99, 1, 1 / 101), Row(100, 100, 1, 0), Row(1_000, 0, 2, 1_000 / 1_001),
    ]
  )
  func formula(row: Row) {
    let computed = Shedding.probability(
      requests: row.requests,
      accepts: row.accepts,
      ratio: row.ratio
    )
    #expect(abs(computed - row.probability) < 1e-12)
  }

  @Test("Nothing is shed below the minimum of requests, and all the formula says from there on")
  func minimum() {
    var settings = ThrottleSettings()
    settings.minimumRequests = 5
    #expect(Shedding(.of([4, 0, 0, 0], accepts: [0, 0, 0, 0]), settings).share == 0)
    #expect(
      Shedding(.of([4, 0, 0, 0], accepts: [0, 0, 0, 0]), settings).share(of: .sheddable) == 0
    )
    #expect(Shedding(.of([4, 0, 1, 0], accepts: [0, 0, 0, 0]), settings).share == 5.0 / 6)
  }

  @Test("The share is capped, for all classes together and for each")
  func cap() {
    var settings = ThrottleSettings()
    settings.maxRejection = 0.75
    let shedding = Shedding(.of([100, 100, 100, 100], accepts: [0, 0, 0, 0]), settings)
    #expect(shedding.share == 0.75)
    #expect(Criticality.allCases.allSatisfy { shedding.share(of: $0) == 0.75 })
    settings.maxRejection = 0
    #expect(!Shedding(.of([100, 0, 0, 0], accepts: [0, 0, 0, 0]), settings).isAny)
  }

  @Test("With a fifth sheddable and three tenths to shed, all of it goes and an eighth of the rest")
  func mix() {
    // p = (999 - 699) / 1000, and so p·R = 299.7.
    var settings = ThrottleSettings()
    settings.ratio = 1
    let shedding = Shedding(.of([200, 0, 799, 0], accepts: [0, 0, 699, 0]), settings)
    #expect(abs(shedding.share - 0.3) < 1e-12)
    #expect(shedding.share(of: .sheddable) == settings.maxRejection)
    #expect(abs(shedding.share(of: .critical) - (299.7 - 200) / 799) < 1e-12)
    #expect(shedding.share(of: .criticalPlus) == 0)
  }

  @Test("A class without calls is shed as a whole if one above it is shed, and else not at all")
  func emptyClass() {
    let settings = ThrottleSettings()
    let some = Shedding(.of([0, 0, 100, 0], accepts: [0, 0, 30, 0]), settings)
    #expect(some.share(of: .sheddable) == settings.maxRejection)
    #expect(some.share(of: .criticalPlus) == 0)
    let none = Shedding(.of([0, 0, 100, 0], accepts: [0, 0, 60, 0]), settings)
    #expect(Criticality.allCases.allSatisfy { none.share(of: $0) == 0 })
  }

  @Test("Whenever a class is refused at all, every lower class is refused as far as can be")
  func lowerFirst() async {
    for seed in 0..<1_000 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let (tally, settings) = Self.sample(&random)
      let shedding = Shedding(tally, settings)
      let shares = Criticality.allCases.map { shedding.share(of: $0) }
      for (lane, share) in shares.enumerated() where share > 0 {
        let lower = shares[..<lane]
        guard lower.allSatisfy({ $0 == settings.maxRejection }) else {
          Issue.record("seed \(seed): \(shares) of \(tally)")
          return
        }
      }
    }
  }

  @Test("No class is ever refused for certain, and never more in all than the formula says")
  func neverLockedOut() async {
    for seed in 0..<1_000 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let (tally, settings) = Self.sample(&random)
      let shedding = Shedding(tally, settings)
      let shed = Criticality.allCases.reduce(0) { sum, criticality in
        sum + shedding.share(of: criticality) * Double(tally.requests[criticality.lane])
      }
      let probability = Shedding.probability(
        requests: tally.requests.wrappedSum(),
        accepts: tally.accepts.wrappedSum(),
        ratio: settings.ratio
      )
      let isSound =
        Criticality.allCases.allSatisfy {
          (0...settings.maxRejection).contains(shedding.share(of: $0))
        }
        && shed <= probability * Double(tally.requests.wrappedSum()) + 1e-6
        && settings.maxRejection < 1
      guard isSound else {
        Issue.record("seed \(seed): \(shed) of \(tally)")
        return
      }
    }
  }

  @Test("What is shed in all is what the formula says, where no cap is in the way")
  func total() async {
    for seed in 0..<1_000 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var (tally, settings) = Self.sample(&random)
      settings.maxRejection = 0.999
      settings.minimumRequests = 1
      let shedding = Shedding(tally, settings)
      let requests = tally.requests.wrappedSum()
      let shed = Criticality.allCases.reduce(0) { sum, criticality in
        sum + shedding.share(of: criticality) * Double(tally.requests[criticality.lane])
      }
      // Each class may be short of a thousandth, which passes as probes.
      let expected = shedding.share * Double(requests)
      guard abs(shed - expected) <= Double(requests) / 1_000 + 1e-6 else {
        Issue.record("seed \(seed): \(shed), not \(expected), of \(tally)")
        return
      }
    }
  }

  private static func sample(
    _ random: inout SplitMix64
  ) -> (tally: ThrottleTally, settings: ThrottleSettings) {
    var settings = ThrottleSettings()
    settings.ratio = .random(in: 1...3, using: &random)
    settings.maxRejection = .random(in: 0.1...0.999, using: &random)
    settings.minimumRequests = .random(in: 1...20, using: &random)
    let largest = Int.random(in: 1...100, using: &random)
    let requests = (0..<4).map { _ in
      Bool.random(using: &random) ? Int.random(in: 0...largest, using: &random) : 0
    }
    let accepts = requests.map { Int.random(in: 0...$0, using: &random) }
    return (.of(requests, accepts: accepts), settings)
  }
}

extension ThrottleTally {
  /// A tally with so many calls of each class, the least critical first.
  static func of(_ requests: [Int], accepts: [Int]) -> ThrottleTally {
    var tally = ThrottleTally()
    for criticality in Criticality.allCases {
      for call in 0..<requests[criticality.lane] {
        tally += ThrottleTally(criticality, isAccepted: call < accepts[criticality.lane])
      }
    }
    return tally
  }
}
