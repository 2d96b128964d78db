import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Call windows")
struct CallWindowTests {
  private static let success = CallTally(successes: 1)
  private static let failure = CallTally(failures: 1)

  @Test("The window of the last n calls slides: what is pushed out is forgotten")
  func lastCallsSlide() {
    var window = LastCalls(size: 3)
    for outcome in [Self.failure, Self.failure, Self.success, Self.success] {
      window.record(outcome)
    }
    #expect(window.total == CallTally(successes: 2, failures: 1))
    window.record(Self.success)
    #expect(window.total == CallTally(successes: 3))
  }

  @Test("After idling for exactly k buckets, exactly k have been dropped", arguments: 0...12)
  func idling(buckets idle: Int) {
    var window = RollingTime<CallTally>(bucketLength: 1_000_000_000, buckets: 10)
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
    var window = RollingTime<CallTally>(bucketLength: 1_000_000_000, buckets: 10)
    for second in 0..<10 as Range<Int64> { window.record(Self.failure, at: .seconds(second)) }
    #expect(window.tally(at: .seconds(9 + seconds)) == CallTally())
    #expect(window.tally(at: .distantFuture) == CallTally())
  }

  @Test("One bucket, one call, one nanosecond: the smallest windows work")
  func smallest() {
    var last = LastCalls(size: 1)
    last.record(Self.failure)
    #expect(last.total == CallTally(failures: 1))
    last.record(Self.success)
    #expect(last.total == CallTally(successes: 1))

    var rolling = RollingTime<CallTally>(bucketLength: 1, buckets: 1)
    rolling.record(Self.failure, at: .origin)
    #expect(rolling.tally(at: .origin) == CallTally(failures: 1))
    #expect(rolling.tally(at: Moment(nanoseconds: 1)) == CallTally())
  }

  @Test("A reading older than the newest bucket counts in the newest")
  func lateReading() {
    var window = RollingTime<CallTally>(bucketLength: 1_000_000_000, buckets: 2)
    window.record(Self.success, at: .seconds(100))
    window.record(Self.failure, at: .seconds(3))
    #expect(window.tally(at: .seconds(100)) == CallTally(successes: 1, failures: 1))
  }

  @Test("The last n calls agree with a list, whatever comes")
  func lastCallsModel() async throws {
    for seed in 0..<200 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let size = Int.random(in: 1...130, using: &random)
      var window = LastCalls(size: size)
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
    for seed in 0..<300 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let length = Int64.random(in: 1...50, using: &random)
      let buckets = Int.random(in: 1...12, using: &random)
      var window = RollingTime<CallTally>(bucketLength: length, buckets: buckets)
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
}
