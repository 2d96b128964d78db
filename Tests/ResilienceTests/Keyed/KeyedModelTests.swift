import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Policies by key, against a naive model")
struct KeyedModelTests {
  @Test("Under random commands the same keys are there in the same order, never above the limit")
  func agreement() async throws {
    for seed in 0..<(isSoaking ? 5_000 : 60) as Range<UInt64> {
      await Task.yield()
      try agree(seed: seed, steps: 400)
    }
  }

  private func agree(seed: UInt64, steps: Int) throws {
    var random = SplitMix64(seed: seed)
    let clock = ManualClock()
    let limit = Int.random(in: 1...24, using: &random)
    let idleAfter: Duration? = Bool.random(using: &random) ? nil : .seconds(20)
    let policies = Keyed<Int, RestingPolicy>(
      limit: limit,
      idleAfter: idleAfter,
      timeline: Timeline(clock)
    ) { RestingPolicy($0) }
    var model = NaiveKeyed(limit: limit, idleAfter: idleAfter)
    var pinned: [(key: Int, entry: KeyedEntry<RestingPolicy>)] = []

    for step in 0..<steps {
      let key = Int.random(in: 0..<limit * 2, using: &random)
      let now = clock.now.offset
      switch Int.random(in: 0..<16, using: &random) {
      case 0..<7:
        try #require(policies[key].number == key)
        _ = model.use(key, at: now)
      case 7..<9:
        pinned.append((key, policies.entry(for: key, pinning: true)))
        if model.use(key, at: now) {
          model.change(key) { $0.calls += 1 }
        } else {
          pinned.removeLast()
        }
      case 9..<11:
        guard let index = pinned.indices.randomElement(using: &random) else { continue }
        let call = pinned.remove(at: index)
        call.entry.unpin()
        // A call that outlives its entry changes nothing for the key's next one.
        if policies.existing(call.key) === call.entry.policy {
          model.change(call.key) { $0.calls -= 1 }
        }
      case 11..<13:
        let isAtRest = Int.random(in: 0..<3, using: &random) > 0
        policies.existing(key)?.setAtRest(isAtRest)
        model.change(key) { $0.isAtRest = isAtRest }
      case 13:
        let isThere = model.entry(key) != nil
        try mustHold((policies.remove(key) != nil) == isThere, "seed \(seed), step \(step)")
        model.remove(key)
      case 14:
        clock.advance(by: .seconds(Int.random(in: 0..<15, using: &random)))
      default:
        policies.removeIdle()
        model.removeIdle(looks: model.entries.count, at: now)
      }
      try mustHold(policies.keys == model.keys, "seed \(seed), step \(step)")
      try mustHold(policies.addsUp, "seed \(seed), step \(step)")
    }
    try mustHold(policies.statistics.evicted == model.evicted.count, "seed \(seed)")
    try mustHold(policies.statistics.overflowed == model.overflowed, "seed \(seed)")
  }

  @Test("Where keys are spread over parts the limit is of all together, to the last entry")
  func parts() {
    let policies = Keyed<Int, RestingPolicy>(limit: 2_000) { RestingPolicy($0) }
    for key in 0..<2_000 { _ = policies[key] }
    #expect(policies.statistics.evicted == 0 && policies.addsUp)
    for key in 2_000..<10_000 { _ = policies[key] }
    #expect(policies.count == 2_000 && policies.addsUp)
    #expect(
      policies.statistics
        == KeyedStatistics(
          created: 10_000,
          evicted: 8_000,
          expired: 0,
          removed: 0,
          overflowed: 0
        )
    )
  }

  @Test("A part without an entry that may go takes room from another", arguments: 1..<16)
  func otherParts(part: Int) throws {
    let policies = Keyed<Int, RestingPolicy>(limit: 1_024) { RestingPolicy($0) }
    #expect(policies.shards.count == 16)
    let own = Array((0...).lazy.filter { $0.hashValue & 15 == 0 }.prefix(1_024))
    let other = try #require((0...).first { $0.hashValue & 15 == part })
    for key in own.dropLast() { policies[key].setAtRest(false) }
    _ = policies[other]
    _ = policies[own[1_023]]
    #expect(policies.existing(other) == nil && policies.existing(own[1_023]) != nil)
    #expect(policies.statistics.overflowed == 0 && policies.addsUp)
  }
}
