import Foundation
import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Policies by key, used at once")
struct KeyedRaceTests {
  @Test("Tasks that ask first at the same time get one instance, made once")
  func createdOnce() async {
    let made = Counter()
    let breakers = Keyed<Int, CircuitBreaker>(limit: 4) { key in
      made.add()
      return CircuitBreaker("\(key)")
    }
    let rounds = isSoaking ? 1_000 : 100
    for round in 0..<rounds {
      let instances = await withTaskGroup(of: ObjectIdentifier.self) { group in
        for task in 0..<64 {
          group.addTask {
            // Half of them look, half of them call.
            if task.isMultiple(of: 2) { return ObjectIdentifier(breakers[round]) }
            _ = try? await breakers.run(for: round) { await Task.yield() }
            return ObjectIdentifier(breakers[round])
          }
        }
        return await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(instances.count == 1 && made.value == round + 1, "round \(round)")
    }
    #expect(breakers.statistics.evicted == rounds - 4, "one new key takes one room")
    #expect(breakers.addsUp)
  }

  @Test("Who asks while the policy is being made waits for it, and pins it with all the others")
  func madeMeanwhile() async {
    let made = Counter()
    let itself = Guarded<Keyed<String, RestingPolicy>?>(nil)
    let policies = Keyed<String, RestingPolicy>(limit: 1) { key in
      made.add()
      // Nobody goes on before all have come.
      let shard = itself.withLock { $0 }?.shards.first
      while key == "a", made.value == 1, let shard, shard.callsWaiting(for: key) < 8 {
        sched_yield()
      }
      return RestingPolicy()
    }
    itself.withLock { $0 = policies }
    let entries = await withTaskGroup(of: KeyedEntry<RestingPolicy>.self) { group in
      for _ in 0..<8 {
        let entry = Parked<KeyedEntry<RestingPolicy>>()
        // Threads, since those who wait block theirs.
        Thread.detachNewThread { entry.resume(with: policies.entry(for: "a", pinning: true)) }
        group.addTask { await entry.wait() }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(entries.map(ObjectIdentifier.init)).count == 1 && made.value == 1)
    for (index, entry) in entries.enumerated() {
      _ = policies["b"]
      #expect(policies.keys == ["a"], "\(8 - index) calls are in flight")
      entry.unpin()
    }
    _ = policies["b"]
    #expect(policies.keys == ["b"])
    itself.withLock { $0 = nil }
  }

  @Test("Whatever happens at once, the bound holds and in the end everything adds up")
  func storm() async {
    let policies = Keyed<Int, Bulkhead>(limit: 32, idleAfter: .nanoseconds(1)) { _ in
      Bulkhead(limit: 1_000)
    }
    let highest = Counter()
    await withTaskGroup { group in
      for task in 0..<32 as Range<UInt64> {
        group.addTask {
          var random = SplitMix64(seed: task)
          for _ in 0..<(isSoaking ? 20_000 : 500) {
            let key = Int.random(in: 0..<64, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: policies.remove(key)
            case 1: policies.removeIdle()
            case 2: _ = policies[key]
            case 3: highest.add(policies.count > 32 || policies.snapshot().count > 32 ? 1 : 0)
            default: _ = try? await policies.run(for: key) { await Task.yield() }
            }
          }
        }
      }
    }
    #expect(highest.value == 0)
    #expect(policies.addsUp)
    #expect(policies.snapshot().allSatisfy { $0.policy.isAtRest })
    // No pin has been left behind: everything can still go.
    for key in 1_000..<1_032 { _ = policies[key] }
    #expect(Set(policies.keys).isDisjoint(with: 0..<64) && policies.addsUp)
  }

  @Test("Calls in flight all count on the instance that is there, whoever comes meanwhile")
  func noCountLost() async {
    let breakers = Keyed<Int, CircuitBreaker>(limit: 8) {
      CircuitBreaker("\($0)", trip: .failureRate(1, lastCalls: 10_000, minimumCalls: 10_000))
    }
    _ = try? await breakers.run(for: -1) { throw Boom() }
    await withTaskGroup { group in
      for task in 0..<16 {
        group.addTask {
          for call in 0..<100 {
            // One key fails and must be remembered; the others push it out whenever they can.
            _ = try? await breakers.run(for: -1) {
              await Task.yield()
              throw Boom()
            }
            _ = breakers[task * 100 + call]
          }
        }
      }
    }
    #expect(breakers[-1].snapshot.windows.first?.tally.failures == 1_601)
    #expect(breakers.statistics.evicted > 1_000)
  }
}
