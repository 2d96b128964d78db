import ResilienceTesting
import Synchronization
import Testing

@testable import Resilience

@Suite("Circuit breaker: races")
struct BreakerRaceTests {
  /// How many of a crowd were admitted, and how many refused.
  private final class Callers: Sendable {
    let admitted = Atomic(0)
    let refused = Atomic(0)
  }

  private let clock = ManualClock()

  /// A thousand rounds when `RESILIENCE_SOAK` is set, as the check script does; a few otherwise.
  @Test("Exactly N of 10 000 tasks that meet the end of the open period are admitted")
  func expiryRace() async throws {
    let rounds = isSoaking ? 1_000 : 12
    for round in 0..<rounds {
      let probes = [1, 3, 10][round % 3]
      let breaker = CircuitBreaker(
        "callee",
        trip: .consecutiveFailures(1),
        openFor: .seconds(1),
        probes: probes,
        timeline: Timeline(clock)
      )
      _ = try? await breaker.run { throw Boom() }
      clock.advance(by: .seconds(1))
      let callers = Callers()
      await withDiscardingTaskGroup { group in
        for _ in 0..<10_000 {
          group.addTask {
            do {
              try await breaker.run {
                callers.admitted.add(1, ordering: .relaxed)
                // Nobody's place becomes free before all others have asked.
                while callers.refused.load(ordering: .relaxed) < 10_000 - probes {
                  await Task.yield()
                }
              }
            } catch {
              callers.refused.add(1, ordering: .relaxed)
            }
          }
        }
      }
      try #require(callers.admitted.load(ordering: .relaxed) == probes, "round \(round)")
      try #require(callers.refused.load(ordering: .relaxed) == 10_000 - probes, "round \(round)")
      try #require(breaker.state == .closed, "round \(round)")
    }
  }

  @Test("Many failures that cross the threshold together cause one transition")
  func oneTransition() async throws {
    for rule: TripRule in [
      .consecutiveFailures(8), .failureRate(0.5, lastCalls: 8),
      .failureRate(0.5, over: .seconds(9)),
      .custom("eight", over: .lastCalls(20)) { $0.window.failures >= 8 },
    ] {
      let transitions = Recorder<BreakerTransition>()
      let breaker = CircuitBreaker("callee", trip: rule, timeline: Timeline(clock)) {
        transitions($0)
      }
      await withTaskGroup { group in
        for _ in 0..<1_000 {
          group.addTask { _ = try? await breaker.run { throw Boom() } }
        }
      }
      #expect(transitions.all.map(\.to) == [.open], "\(rule)")
      #expect(breaker.snapshot.term == 1)
    }
  }

  @Test("No success is lost on the way from the atomic word to the machine")
  func noLostSuccess() async throws {
    for rule: TripRule in [
      .failureRate(1, lastCalls: 100_000), .failureRate(1, over: .seconds(1_000)),
    ] {
      let breaker = CircuitBreaker("callee", trip: rule, timeline: Timeline(clock))
      await withTaskGroup { group in
        for task in 0..<16 {
          group.addTask {
            for call in 0..<1_000 {
              _ = try? await breaker.run { if (call + task) % 100 == 0 { throw Boom() } }
            }
          }
        }
      }
      let tally = breaker.snapshot.windows[0].tally
      #expect(tally == CallTally(successes: 16 * 990, failures: 16 * 10))
    }
  }

  @Test("More successes than the word has room for are all counted, and touch no other field")
  func saturation() async throws {
    let breaker = CircuitBreaker(
      "callee",
      trip: .failureRate(1, over: .seconds(1_000)),
      timeline: Timeline(clock)
    )
    let calls = (1 << 20) + 5
    for _ in 0..<calls { try await breaker.run {} }
    let snapshot = breaker.snapshot
    #expect(snapshot.windows[0].tally == CallTally(successes: calls))
    #expect(snapshot.term == 0 && snapshot.state == .closed)
  }

  @Test("Snapshots taken while calls run are consistent, and never lose a call")
  func consistentSnapshots() async throws {
    let breaker = CircuitBreaker(
      "callee",
      trip: .failureRate(1, lastCalls: 1_000_000),
      timeline: Timeline(clock)
    )
    let started = Counter()
    let ended = Counter()
    await withTaskGroup { group in
      for task in 0..<4 {
        group.addTask {
          for call in 0..<2_000 {
            started.add()
            _ = try? await breaker.run { if (call + task) % 3 == 0 { throw Boom() } }
            ended.add()
          }
        }
      }
      group.addTask {
        var last = 0
        for _ in 0..<500 {
          let atLeast = ended.value
          let tally = breaker.snapshot.windows[0].tally
          let atMost = started.value
          #expect(tally.successes + tally.failures == tally.calls)
          #expect(atLeast <= tally.calls && tally.calls <= atMost && last <= tally.calls)
          last = tally.calls
        }
      }
    }
    #expect(breaker.snapshot.windows[0].tally.calls == 8_000)
  }
}
