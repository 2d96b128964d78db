import ResilienceTesting
import Testing

@testable import Resilience

/// A window alone, with the counts that a breaker has of it.
private struct Window {
  private let layout: CountLayout
  private var counts = CallCounts()

  init(_ window: CallWindow, countsSlow: Bool = false) {
    layout = CountLayout([window], countsSlow: countsSlow)
  }

  init(lastCalls size: Int) {
    self.init(.lastCalls(size))
  }

  init(bucketLength: Int64, buckets: Int) {
    self.init(.rolling(.nanoseconds(bucketLength * Int64(buckets)), buckets: buckets))
  }

  mutating func record(_ tally: CallTally, at now: Moment = .origin) {
    counts.record(tally, at: now, in: layout)
  }

  func tally(at now: Moment) -> CallTally {
    counts.tally(of: layout.parts[0], at: now, in: layout)
  }

  var total: CallTally { tally(at: .origin) }
}

@Suite("Call windows")
struct CallWindowTests {
  private static let success = CallTally(successes: 1)
  private static let failure = CallTally(failures: 1)

  @Test("The window of the last n calls slides: what is pushed out is forgotten")
  func lastCallsSlide() {
    var window = Window(lastCalls: 3)
    for outcome in [Self.failure, Self.failure, Self.success, Self.success] {
      window.record(outcome)
    }
    #expect(window.total == CallTally(successes: 2, failures: 1))
    window.record(Self.success)
    #expect(window.total == CallTally(successes: 3))
  }

  @Test("After idling for exactly k buckets, exactly k have been dropped", arguments: 0...12)
  func idling(buckets idle: Int) {
    var window = Window(bucketLength: 1_000_000_000, buckets: 10)
    for second in 0..<10 as Range<Int64> { window.record(Self.failure, at: .seconds(second)) }
    let now = Moment.seconds(9 + Int64(idle))
    #expect(window.tally(at: now) == CallTally(failures: max(0, 10 - idle)))
    window.record(Self.success, at: now)
    #expect(window.tally(at: now) == CallTally(successes: 1, failures: max(0, 10 - idle)))
  }

  @Test(
    "Empty after idling for the window or longer, however long",
    arguments: [10, 11, 19, 20, 105, 1_000_000_000]
  )
  func longIdling(seconds: Int64) {
    var window = Window(bucketLength: 1_000_000_000, buckets: 10)
    for second in 0..<10 as Range<Int64> { window.record(Self.failure, at: .seconds(second)) }
    #expect(window.tally(at: .seconds(9 + seconds)) == CallTally())
    #expect(window.tally(at: .distantFuture) == CallTally())
  }

  @Test("One bucket, one call, one nanosecond: the smallest windows work")
  func smallest() {
    var last = Window(lastCalls: 1)
    last.record(Self.failure)
    #expect(last.total == CallTally(failures: 1))
    last.record(Self.success)
    #expect(last.total == CallTally(successes: 1))

    var rolling = Window(bucketLength: 1, buckets: 1)
    rolling.record(Self.failure, at: .origin)
    #expect(rolling.tally(at: .origin) == CallTally(failures: 1))
    #expect(rolling.tally(at: Moment(nanoseconds: 1)) == CallTally())
  }

  @Test("A reading older than the newest bucket counts in the newest")
  func lateReading() {
    var window = Window(bucketLength: 1_000_000_000, buckets: 2)
    window.record(Self.success, at: .seconds(100))
    window.record(Self.failure, at: .seconds(3))
    #expect(window.tally(at: .seconds(100)) == CallTally(successes: 1, failures: 1))
  }

  @Test("The last n calls agree with a list, whatever comes")
  func lastCallsModel() async throws {
    for seed in 0..<(isSoaking ? 200 : 40) as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let size = Int.random(in: 1...130, using: &random)
      var window = Window(lastCalls: size)
      var list: [Bool] = []
      for _ in 0..<400 {
        let failed = Int.random(in: 0..<4, using: &random) == 0
        let count = failed ? 1 : Int.random(in: 1...200, using: &random)
        window.record(failed ? Self.failure : CallTally(successes: count))
        list = Array((list + Array(repeating: failed, count: count)).suffix(size))
        let failures = list.count { $0 }
        let expected = CallTally(successes: list.count - failures, failures: failures)
        try #require(window.total == expected, "seed \(seed)")
      }
    }
  }

  @Test("The rolling window agrees with a list, whatever comes and however time passes")
  func rollingModel() async throws {
    for seed in 0..<(isSoaking ? 300 : 60) as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let length = Int64.random(in: 1...50, using: &random)
      let buckets = Int.random(in: 1...12, using: &random)
      var window = Window(bucketLength: length, buckets: buckets)
      var list: [(bucket: Int64, failed: Bool)] = []
      var now: Int64 = 0
      for _ in 0..<300 {
        now += Bool.random(using: &random) ? 0 : Int64.random(in: 0...(length * 4), using: &random)
        if Int.random(in: 0..<50, using: &random) == 0 { now += length * Int64(buckets) * 3 }
        let failed = Bool.random(using: &random)
        if Bool.random(using: &random) {
          window.record(failed ? Self.failure : Self.success, at: Moment(nanoseconds: now))
          list.append((now / length, failed))
        }
        let kept = list.filter { $0.bucket > now / length - Int64(buckets) }
        let failures = kept.count { $0.failed }
        let expected = CallTally(successes: kept.count - failures, failures: failures)
        try #require(window.tally(at: Moment(nanoseconds: now)) == expected, "seed \(seed)")
      }
    }
  }

  @Test("A bucket counts up to four thousand million of a kind, and spills into no neighbour")
  func saturation() {
    let most = Int(UInt32.max)
    for countsSlow in [false, true] {
      var window = Window(.rolling(.seconds(2), buckets: 2), countsSlow: countsSlow)
      window.record(CallTally(successes: most - 1))
      window.record(Self.success)
      #expect(window.total == CallTally(successes: most))
      window.record(CallTally(successes: 1))
      window.record(CallTally(successes: .max))
      #expect(window.total == CallTally(successes: most))
      window.record(CallTally(failures: most))
      window.record(CallTally(failures: .max))
      #expect(window.total == CallTally(successes: most, failures: most))
      window.record(CallTally(successes: 1, failures: 1), at: .seconds(1))
      let both = window.tally(at: .seconds(1))
      #expect(both == CallTally(successes: most + 1, failures: most + 1))
      #expect(window.tally(at: .seconds(2)) == CallTally(successes: 1, failures: 1))
      #expect(window.tally(at: .seconds(3)) == CallTally())
    }
    var slow = Window(.rolling(.seconds(2), buckets: 2), countsSlow: true)
    let full = CallTally(
      successes: most,
      failures: most,
      slowSuccesses: most,
      slowFailures: most
    )
    slow.record(full)
    slow.record(full)
    #expect(slow.total == full)
  }

  @Test("A machine's failures in a row stop at their most, and meet a rule that asks for more")
  func failuresInARow() {
    var machine = BreakerMachine(.test(trip: .consecutiveFailures(.max)))
    machine.restore(consecutiveFailures: BreakerMachine.mostFailures - 2)
    let ticket = machine.admit(at: .origin).ticket ?? BreakerMachine.Ticket(term: 0)
    #expect(machine.settle(ticket, as: CallOutcome(.failure), at: .origin) == .recorded)
    #expect(machine.consecutiveFailures == BreakerMachine.mostFailures - 1)
    let heavy = CallOutcome(.failure, weight: .max)
    #expect(machine.settle(ticket, as: heavy, at: .origin).transition?.to == .open)
    machine.restore(consecutiveFailures: .max)
    #expect(machine.consecutiveFailures == BreakerMachine.mostFailures)
  }

  @Test("Several windows, with slow calls and without, agree with each alone")
  func neighbours() async throws {
    let kinds: [CallWindow] = [
      .rolling(.nanoseconds(30), buckets: 3), .lastCalls(65), .rolling(.nanoseconds(7), buckets: 7),
      .lastCalls(1), .rolling(.nanoseconds(5), buckets: 1),
    ]
    for seed in 0..<60 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let countsSlow = seed % 2 == 0
      let layout = CountLayout(kinds.shuffled(using: &random), countsSlow: countsSlow)
      var together = CallCounts()
      var alone = layout.parts.map { Window($0.window, countsSlow: countsSlow) }
      var now: Int64 = -100
      for _ in 0..<200 {
        now += .random(in: 0...4, using: &random)
        let isSlow = countsSlow && Bool.random(using: &random)
        let verdict: Verdict = Bool.random(using: &random) ? .success : .failure
        let tally = CallOutcome(verdict, isSlow: isSlow).tally
        let moment = Moment(nanoseconds: now)
        together.record(tally, at: moment, in: layout)
        for (index, part) in layout.parts.enumerated() {
          alone[index].record(tally, at: moment)
          let own = alone[index].tally(at: moment)
          let found = together.tally(of: part, at: moment, in: layout)
          try #require(found == own && own.calls > 0, "seed \(seed), \(part.window)")
        }
      }
    }
  }
}
