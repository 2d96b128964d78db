import Testing

@testable import Resilience

@Suite("Trip rules")
struct TripRuleTests {
  @Test(
    "A life: half of the last 4 calls",
    arguments: [
      Life("ssff", leaves: "ccco"),
      Life("sssfsf", leaves: "ccccco"),
      Life("fff", leaves: "ccc"),
      Life("ffss", leaves: "cccc"),
      Life("ffssf", leaves: "cccco"),
      Life("sssfssssf", leaves: "ccccccccc"),
    ]
  )
  func lastCalls(_ life: Life) {
    var machine = BreakerMachine(.test(trip: .failureRate(0.5, lastCalls: 4)))
    #expect(machine.live(life.events) == life.phases)
  }

  @Test(
    "A life: half of at least 4 calls in 5 s",
    arguments: [
      Life("ssff", leaves: "ccco"),
      Life("fff", leaves: "ccc"),
      Life("fff.f", leaves: "cccco"),
      Life("fff....f", leaves: "ccccccco"),
      Life("fff.....f", leaves: "ccccccccc"),
      Life("ss.....ffff", leaves: "cccccccccc" + "o"),
    ]
  )
  func rolling(_ life: Life) {
    let rule = TripRule.failureRate(0.5, over: .seconds(5), minimumCalls: 4, buckets: 5)
    var machine = BreakerMachine(.test(trip: rule))
    #expect(machine.live(life.events) == life.phases)
  }

  @Test("Ten thousand successes do not hide the failures that follow in the last n calls")
  func slidingAfterLongHealth() {
    var machine = BreakerMachine(.test(trip: .failureRate(0.5, lastCalls: 100)))
    _ = machine.live(String(repeating: "s", count: 10_000))
    #expect(machine.live(String(repeating: "f", count: 49)).last == "c")
    #expect(machine.live("f") == "o")
  }

  @Test("A rate is reached when it is equal: 3 of 10 at 30 %, not 2 of 10")
  func equality() {
    let rule = TripRule.failureRate(0.3, lastCalls: 10)
    var machine = BreakerMachine(.test(trip: rule))
    #expect(machine.live("sssssssffs").last == "c")
    #expect(machine.live("f") == "o")
  }

  @Test("The smallest window, minimum and both extreme rates")
  func extremes() {
    var any = BreakerMachine(.test(trip: .failureRate(0, lastCalls: 1)))
    #expect(any.live("sf") == "co")
    var all = BreakerMachine(.test(trip: .failureRate(1, lastCalls: 1)))
    #expect(all.live("sf") == "co")
    var one = BreakerMachine(
      .test(trip: .failureRate(1, over: .seconds(1), minimumCalls: 1, buckets: 1))
    )
    #expect(one.live("sf") == "cc")
    #expect(one.live("f", from: .seconds(7)) == "o")
  }

  @Test("Below the minimum of calls it never opens, even when all of them fail")
  func minimum() {
    let rule = TripRule.failureRate(0, over: .seconds(100), minimumCalls: 20)
    var machine = BreakerMachine(.test(trip: rule))
    #expect(machine.live(String(repeating: "f", count: 19)).last == "c")
    #expect(machine.live("f") == "o")
  }

  @Test("A success never trips, even when it brings the calls to the minimum")
  func successNeverTrips() {
    var machine = BreakerMachine(.test(trip: .failureRate(0.5, lastCalls: 10, minimumCalls: 4)))
    #expect(machine.live("fffs") == "cccc")
    #expect(machine.live("f") == "o")
  }

  @Test("“Or” trips when either does, “and” when both do")
  func combination() {
    let either: TripRule = .consecutiveFailures(2) || .failureRate(0.5, lastCalls: 4)
    var machine = BreakerMachine(.test(trip: either))
    #expect(machine.live("ff") == "co")
    machine = BreakerMachine(.test(trip: either))
    #expect(machine.live("fsfsf") == "cccco")

    let both: TripRule = .consecutiveFailures(2) && .failureRate(0.5, lastCalls: 4)
    machine = BreakerMachine(.test(trip: both))
    #expect(machine.live("ssffsff") == "ccc" + "o!!!")
    machine = BreakerMachine(.test(trip: both))
    #expect(machine.live("ffsf" + "f") == "cccc" + "o")
  }

  @Test("A rule prints itself")
  func printing() {
    let rule: TripRule =
      .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10), minimumCalls: 20)
    #expect(
      rule.description
        == "5 failures in a row, or 50 % of at least 20 calls in the last 10.0 seconds failed"
    )
    let both: TripRule = .failureRate(0.125, lastCalls: 8) && .consecutiveFailures(2)
    #expect(
      both.description
        == "(12.5 % of at least 8 calls in the last 8 calls failed) and (2 failures in a row)"
    )
  }

  @Test(
    "A setting out of range is named with its value and what is allowed",
    arguments: [
      (TripRule.consecutiveFailures(0), "consecutive failures is 0, but must be at least 1"),
      (.failureRate(1.1, lastCalls: 5), "failure rate is 1.1, but must be in 0.0...1.0"),
      (.failureRate(-0.1, lastCalls: 5), "failure rate is -0.1, but must be in 0.0...1.0"),
      (.failureRate(.nan, lastCalls: 5), "failure rate is nan, but must be in 0.0...1.0"),
      (.slowCallRate(2, lastCalls: 5), "slow-call rate is 2.0, but must be in 0.0...1.0"),
      (.failureRate(0.5, lastCalls: 0), "last calls is 0, but must be in 1...1000000"),
      (
        .failureRate(0.5, lastCalls: 5, minimumCalls: 6), "minimum calls is 6, but must be in 1...5"
      ),
      (
        .failureRate(0.5, over: .seconds(1), minimumCalls: 0),
        "minimum calls is 0, but must be in 1...\(Int.max)"
      ),
      (
        .failureRate(0.5, over: .zero),
        "window duration is 0.0 seconds, but must be at least 1e-08 seconds"
      ),
      (
        .failureRate(0.5, over: .seconds(1), buckets: 0), "buckets is 0, but must be in 1...1000"
      ),
      (.failures(6, lastCalls: 5), "failures is 6, but must be in 1...5"),
      (.openChildren(1.5), "share of open children is 1.5, but must be in 0.0...1.0"),
      (
        .consecutiveFailures(1) && (.consecutiveFailures(2) || .consecutiveFailures(-3)),
        "consecutive failures is -3, but must be at least 1"
      ),
      (
        .slowCallRate(0.5, lastCalls: 5),
        "slow after is nil, but must be set when the rule looks at slow calls"
      ),
    ]
  )
  func invalid(rule: TripRule, message: String) {
    let error = #expect(throws: InvalidSetting.self) {
      var settings = BreakerSettings()
      settings.trip = rule
      try settings.validate()
    }
    #expect(error?.description == message)
  }
}
