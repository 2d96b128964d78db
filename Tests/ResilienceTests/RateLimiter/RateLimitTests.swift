import Testing

@testable import Resilience

@Suite("Rate limit")
struct RateLimitTests {
  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let limit: RateLimit

    init(_ limit: RateLimit, _ message: String) {
      self.limit = limit
      testDescription = message
    }
  }

  @Test(
    "Limits out of range are named with what is allowed",
    arguments: [
      Wrong(.smooth(0, per: .seconds(1)), "permits is 0, but must be in 1...1000000"),
      Wrong(
        .fixedWindow(1_000_001, per: .seconds(9)),
        "permits is 1000001, but must be in 1...1000000"
      ),
      Wrong(
        .slidingWindow(1, per: .nanoseconds(999)),
        "permits per is 9.99e-07 seconds, but must be in 1e-06 seconds...31622400.0 seconds"
      ),
      Wrong(
        .tokenBucket(1, per: .seconds(31_622_401)),
        "permits per is 31622401.0 seconds, but must be in 1e-06 seconds...31622400.0 seconds"
      ),
      Wrong(
        .fixedWindow(2, per: .microseconds(1)),
        "permits per second is 2000000.0, but must be at most 1000000"
      ),
      Wrong(
        .tokenBucket(5, per: .seconds(1), burst: 0),
        "burst is 0, but must be in 1...1000000"
      ),
      Wrong(
        .tokenBucket(1, per: .seconds(31_622_400), burst: 101),
        "time to refill the burst is 3193862400.0 seconds, but must be at most 3162240000.0 seconds"
      ),
      Wrong(
        .smooth(5, per: .seconds(1), warmUp: .seconds(-1)),
        "warm-up is -1.0 seconds, but must be in 0.0 seconds...31622400.0 seconds"
      ),
      Wrong(
        .smooth(5, per: .seconds(1), coldFactor: 0.5),
        "cold factor is 0.5, but must be in 1.0...100.0"
      ),
    ]
  )
  func invalid(wrong: Wrong) {
    let error = #expect(throws: InvalidSetting.self) { try wrong.limit.validate() }
    #expect(error?.description == wrong.testDescription)
  }

  @Test("The largest and smallest limits are valid")
  func extremes() throws {
    try RateLimit.fixedWindow(1, per: .microseconds(1)).validate()
    try RateLimit.fixedWindow(1_000_000, per: .seconds(1)).validate()
    try RateLimit.tokenBucket(1, per: .seconds(31_622_400), burst: 100).validate()
    try RateLimit.smooth(1, per: .seconds(9), warmUp: .seconds(31_622_400), coldFactor: 100)
      .validate()
  }

  @Test("Intervals are rounded up, so that the rate is never exceeded, by less than 0.1 %")
  func rounding() {
    #expect(RateLimit.smooth(3, per: .seconds(1)).interval == 333_333_334)
    #expect(RateLimit.smooth(4, per: .seconds(1)).interval == 250_000_000)
    let fraction = Duration(secondsComponent: 0, attosecondsComponent: 1_000_000_000_001)
    #expect(RateLimit.slidingWindow(1, per: fraction).span == 1_001)
    for permits in [1, 7, 999, 123_457, 999_983, 1_000_000] {
      let interval = Double(RateLimit.smooth(permits, per: .seconds(1)).interval)
      let exact = 1e9 / Double(permits)
      #expect(interval >= exact && interval < exact * 1.001, "\(permits)")
    }
  }

  @Test("A limit says what it is on one line")
  func descriptions() {
    let limits: [RateLimit] = [
      .tokenBucket(100, per: .seconds(1), burst: 20), .tokenBucket(5, per: .seconds(2)),
      .smooth(50, per: .seconds(1)), .smooth(50, per: .seconds(1), warmUp: .seconds(30)),
      .fixedWindow(10, per: .seconds(60)), .slidingWindow(10, per: .seconds(60)),
    ]
    #expect(
      limits.map(\.description) == [
        "token bucket of 100 per 1.0 seconds, burst 20",
        "token bucket of 5 per 2.0 seconds, burst 5",
        "smooth 50 per 1.0 seconds",
        "smooth 50 per 1.0 seconds, warm after 30.0 seconds, cold factor 3.0",
        "fixed window of 10 per 60.0 seconds",
        "sliding window of 10 per 60.0 seconds",
      ]
    )
  }
}
