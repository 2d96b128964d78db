import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Circuit breaker")
struct CircuitBreakerTests {
  private let clock = ManualClock()
  private let breaker: CircuitBreaker

  init() {
    breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(10),
      timeline: Timeline(clock)
    )
  }

  private func trip() async {
    _ = try? await breaker.run { throw Boom() }
  }

  @Test("The value and the error of the operation come out unchanged")
  func passesThrough() async throws {
    #expect(try await breaker.run { "pong" } == "pong")
    await #expect(throws: Boom(number: 7)) { try await breaker.run { throw Boom(number: 7) } }
  }

  @Test("An open circuit refuses without calling, and says for how long")
  func refusal() async throws {
    await trip()
    clock.advance(by: .seconds(4))

    let error = await #expect(throws: CircuitOpen.self) {
      try await breaker.run { Issue.record("the operation must not run") }
    }
    #expect(error?.policy == "callee")
    #expect(error?.retryAfter == .seconds(6))
    #expect(error?.lastFailure is Boom)
    #expect(
      error?.description
        == "circuit “callee” is open (1 failures in a row); try again in 6.0 seconds; "
        + "last failure: Boom(number: 0)"
    )
  }

  @Test("Who asks for it is refused with nil, and told of nothing that the operation throws")
  func refusedWithNil() async throws {
    #expect(try await breaker.runIfAdmitted { 7 } == 7)
    await #expect(throws: Boom.self) { try await breaker.runIfAdmitted { throw Boom() } }
    #expect(breaker.state == .open)
    let value: Int? = try await breaker.runIfAdmitted {
      Issue.record("the operation must not run")
      return 7
    }
    #expect(value == nil)
  }

  @Test("A refusal with nil ends exactly with the open period, and a probe counts")
  func refusedWithNilUntilTheEnd() async throws {
    await trip()
    for left in [50, 1] {
      clock.advance(by: .seconds(10) - .milliseconds(left) - clock.now.offset)
      #expect(try await breaker.runIfAdmitted { true } == nil)
    }
    clock.advance(by: .milliseconds(1))
    #expect(try await breaker.runIfAdmitted { true } == true)
    #expect(breaker.state == .closed)
  }

  @Test("A refusal by an inner breaker is an error also where one's own is nil")
  func refusalFurtherIn() async throws {
    let outer = CircuitBreaker("outer", trip: .consecutiveFailures(1), timeline: Timeline(clock))
    await trip()
    await #expect(throws: CircuitOpen.self) {
      try await outer.runIfAdmitted { try await breaker.run {} }
    }
    #expect(outer.state == .closed)
  }

  @Test("Refused by its parent, watched or half-open, a call comes out as nil as well")
  func refusedWithNilOffThePath() async throws {
    let seen = Recorder<String>()
    let child = CircuitBreaker(
      "child",
      BreakerSettings(),
      parent: breaker,
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0.kind)") }
    )
    #expect(try await child.runIfAdmitted { true } == true)
    #expect(seen.all == ["admitted", "success"])
    await trip()
    #expect(try await child.runIfAdmitted { true } == nil)
    clock.advance(by: .seconds(10))
    let probe = try await breaker.acquire()
    #expect(try await breaker.runIfAdmitted { true } == nil)
    await probe.settle(as: .success)
    #expect(try await child.runIfAdmitted { true } == true)
  }

  @Test("A refusal with nil says nothing to the parent: neither success nor failure")
  func refusedWithNilByTheChild() async throws {
    let child = CircuitBreaker(
      "child",
      BreakerSettings(),
      parent: breaker,
      timeline: Timeline(clock)
    )
    let hold = await child.hold(.forcedOpen)
    #expect(try await child.runIfAdmitted { true } == nil)
    #expect(breaker.snapshot.windows.allSatisfy { $0.tally.calls == 0 })
    await trip()
    clock.advance(by: .seconds(10))
    #expect(breaker.state == .halfOpen)
    #expect(try await child.runIfAdmitted { true } == nil)
    #expect(breaker.state == .halfOpen)
    #expect(breaker.snapshot.probes == 0)
    await hold.release()
  }

  @Test("An observed circuit tells of each call and counts it, closed and quiet or not")
  func observed() async throws {
    let seen = Recorder<String>()
    var settings = BreakerSettings()
    settings.trip = .consecutiveFailures(2)
    let quiet = CircuitBreaker(
      "quiet",
      settings,
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0.kind)") }
    )
    _ = try await quiet.run { true }
    _ = try? await quiet.run { throw Boom() }
    _ = try await quiet.run { true }
    #expect(quiet.snapshot.consecutiveFailures == 0)
    #expect(
      seen.all == ["admitted", "success", "admitted", "failure", "admitted", "success"]
    )
    settings.slowAfter = .seconds(1)
    settings.trip = .slowCallRate(1, lastCalls: 2)
    let slow = CircuitBreaker(
      "slow",
      settings,
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0.kind)") }
    )
    _ = try await slow.run { clock.advance(by: .seconds(1)) }
    _ = try await slow.run { true }
    #expect(seen.all.suffix(4) == ["admitted", "slow success", "admitted", "success"])
    #expect(slow.snapshot.windows.first?.tally.calls == 2)
  }

  @Test(
    "Of calls at once, while the circuit opens and is reset, each is told of as begun and as ended"
  )
  func observedAtOnce() async throws {
    let begun = Counter()
    let ended = Counter()
    let busy = CircuitBreaker(
      "busy",
      BreakerSettings(),
      observer: ClosureObserver { event in
        switch event.kind {
        case .admitted: begun.add()
        case .settled, .stale: ended.add()
        default: break
        }
      }
    )
    let passed = Counter()
    await withTaskGroup { group in
      for task in 0..<4 {
        group.addTask {
          for call in 0..<500 {
            try? await busy.run {
              passed.add()
              if call % 7 == task { throw Boom() }
            }
            if call % 50 == 0 { await busy.reset() }
          }
        }
      }
    }
    #expect(begun.value == passed.value)
    #expect(ended.value == passed.value)
  }

  @Test("The remaining time is within the open duration, never grows and ends at zero")
  func remaining() async throws {
    await trip()
    var last = Duration.seconds(10)
    for _ in 0..<10 {
      let error = await #expect(throws: CircuitOpen.self) { try await breaker.run {} }
      let remaining = try #require(error?.retryAfter)
      #expect(.zero <= remaining && remaining <= last)
      last = remaining
      clock.advance(by: .seconds(1))
    }
    #expect(breaker.state == .halfOpen)
  }

  @Test("A probe closes the circuit once the open duration is over")
  func recovery() async throws {
    await trip()
    #expect(breaker.state == .open)
    clock.advance(by: .seconds(10))
    #expect(breaker.state == .halfOpen)

    #expect(try await breaker.run { "pong" } == "pong")
    #expect(breaker.state == .closed)
  }

  @Test("The transition is in effect before the call that caused it returns")
  func effectBeforeReturn() async throws {
    for _ in 0..<100 {
      await trip()
      #expect(breaker.state == .open)
      clock.advance(by: .seconds(10))
      try await breaker.run {}
      #expect(breaker.state == .closed)
    }
  }

  @Test("Asking for the state or a snapshot takes no probe's place and changes nothing")
  func asking() async throws {
    await trip()
    clock.advance(by: .seconds(10))
    let term = breaker.snapshot.term
    for _ in 0..<100 {
      #expect(breaker.state == .halfOpen)
      #expect(breaker.snapshot.state == .halfOpen)
    }
    #expect(breaker.snapshot.term == term)
    try await breaker.run {}
    #expect(breaker.state == .closed)
  }

  @Test("A snapshot holds what was counted; what fell out of the window is gone after idling")
  func snapshot() async throws {
    let breaker = CircuitBreaker(
      "callee",
      trip: .failureRate(0.9, over: .seconds(10)) || .consecutiveFailures(50),
      timeline: Timeline(clock)
    )
    for _ in 0..<7 { try await breaker.run {} }
    for _ in 0..<2 { _ = try? await breaker.run { throw Boom() } }
    var snapshot = breaker.snapshot
    #expect(snapshot.state == .closed)
    #expect(snapshot.consecutiveFailures == 2)
    #expect(snapshot.windows.map(\.tally) == [CallTally(successes: 7, failures: 2)])
    #expect(snapshot.windows[0].tally.calls == 9)

    clock.advance(by: .seconds(10))
    snapshot = breaker.snapshot
    #expect(snapshot.windows.map(\.tally) == [CallTally()])
  }

  @Test("A call counts when it ends, in the window of that moment, whenever it began")
  func countsWhenItEnds() async throws {
    let breaker = CircuitBreaker(
      "callee",
      trip: .failures(2, over: .seconds(10)),
      timeline: Timeline(clock)
    )
    _ = try? await breaker.run {
      clock.advance(by: .seconds(100))
      throw Boom()
    }
    #expect(breaker.snapshot.windows[0].tally == CallTally(failures: 1))
    clock.advance(by: .seconds(9))
    #expect(breaker.snapshot.windows[0].tally == CallTally(failures: 1))
    clock.advance(by: .seconds(1))
    #expect(breaker.snapshot.windows[0].tally == CallTally())
  }

  @Test(
    "Each success falls out of the rolling window with its own bucket",
    arguments: [true, false]
  )
  func ownBucket(measured: Bool) async throws {
    var settings = BreakerSettings()
    settings.trip = .failureRate(1, over: .seconds(10), minimumCalls: 1_000)
    settings.slowAfter = measured ? .seconds(1) : nil
    let breaker = CircuitBreaker("callee", settings, timeline: Timeline(clock))
    for _ in 0..<10 {
      for _ in 0..<3 { try await breaker.run {} }
      clock.advance(by: .seconds(1))
    }
    for second in 0..<10 {
      let tally = CallTally(successes: 27 - 3 * second)
      #expect(breaker.snapshot.windows[0].tally == (second < 9 ? tally : CallTally()))
      clock.advance(by: .seconds(1))
    }
  }

  @Test("A custom rule is asked outside every lock and may use the breaker it decides for")
  func customRule() async throws {
    let box = Recorder<CircuitBreaker>()
    let readings = Recorder<TripReading>()
    let rule = TripRule.custom("two, and not the first", over: .lastCalls(10)) { reading in
      readings(reading)
      // Deadlocks if a lock were held.
      guard let breaker = box.all.first, breaker.snapshot.state == .closed else { return false }
      return reading.window.failures >= 2
    }
    let breaker = CircuitBreaker("callee", trip: rule, timeline: Timeline(clock))
    box(breaker)

    try await breaker.run {}
    _ = try? await breaker.run { throw Boom() }
    #expect(breaker.state == .closed)
    _ = try? await breaker.run { throw Boom() }
    #expect(breaker.state == .open)
    #expect(
      readings.all == [
        TripReading(consecutiveFailures: 1, window: CallTally(successes: 1, failures: 1)),
        TripReading(consecutiveFailures: 2, window: CallTally(successes: 1, failures: 2)),
      ]
    )
  }

  @Test("Values are judged too, where a classifier says so")
  func judgedValues() async throws {
    let judge = Classifier.standard.values(of: Int.self) { $0 < 0 ? .failure : .success }
    let breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(2),
      judging: judge,
      timeline: Timeline(clock)
    )
    #expect(try await breaker.run { -1 } == -1)
    #expect(try await breaker.run { "text" } == "text")
    #expect(try await breaker.run { -1 } == -1)
    #expect(try await breaker.run { -2 } == -2)
    #expect(breaker.state == .open)
  }

  @Test("The operation stays on its caller's actor and may change what it guards") @MainActor
  func isolation() async throws {
    var count = 0
    try await breaker.run {
      MainActor.assertIsolated()
      count += 1
    }
    #expect(count == 1)
  }

  @Test("The wall clock is never asked: only the timeline moves a breaker")
  func onlyTheTimeline() async {
    await trip()
    for _ in 0..<1_000 {
      await Task.yield()
      #expect(breaker.state == .open)
    }
    clock.advance(by: .seconds(10))
    #expect(breaker.state == .halfOpen)
  }

  @Test("An observer is told of each call and each transition")
  func observer() async throws {
    let events = Recorder<String>()
    let breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(1),
      openFor: .seconds(1),
      timeline: Timeline(clock),
      observer: ClosureObserver { events("\($0)") }
    )
    try await breaker.run {}
    _ = try? await breaker.run { throw Boom() }
    _ = try? await breaker.run {}
    clock.advance(by: .seconds(1))
    _ = try? await breaker.run { throw CancellationError() }
    try await breaker.run {}
    #expect(
      events.all == [
        "0.0 seconds callee: admitted",
        "0.0 seconds callee: success",
        "0.0 seconds callee: admitted",
        "0.0 seconds callee: failure",
        "0.0 seconds callee: closed → open",
        "0.0 seconds callee: refused: circuit “callee” is open (1 failures in a row); "
          + "try again in 1.0 seconds; last failure: Boom(number: 0)",
        "1.0 seconds callee: open → half-open",
        "1.0 seconds callee: admitted",
        "1.0 seconds callee: ignored",
        "1.0 seconds callee: admitted",
        "1.0 seconds callee: success",
        "1.0 seconds callee: half-open → closed",
      ]
    )
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = CircuitBreaker("x", probes: 0) }
    await #expect(processExitsWith: .failure) { _ = CircuitBreaker("x", closeAfter: 0) }
  }
}
