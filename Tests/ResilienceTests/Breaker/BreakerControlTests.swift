import Foundation
import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Circuit breaker: control")
struct BreakerControlTests {
  private let clock = ManualClock()
  private let breaker: CircuitBreaker

  init() {
    breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(2),
      openFor: .seconds(10),
      timeline: Timeline(clock)
    )
  }

  private func fail(_ times: Int = 2, _ breaker: CircuitBreaker? = nil) async {
    for _ in 0..<times { _ = try? await (breaker ?? self.breaker).run { throw Boom() } }
  }

  @Test("Held open it refuses and never recovers by itself; released it begins clean")
  func forcedOpen() async throws {
    await fail(1)
    let hold = await breaker.hold(.forcedOpen)
    for _ in 0..<5 {
      clock.advance(by: .seconds(1_000))
      let error = await #expect(throws: CircuitOpen.self) { try await breaker.run {} }
      #expect(error?.state == .forcedOpen)
      #expect(error?.retryAfter == nil)
    }
    await hold.release()
    #expect(breaker.state == .closed)
    #expect(breaker.snapshot.consecutiveFailures == 0)
    await fail(1)
    #expect(breaker.state == .closed)
  }

  @Test("Two operators hold it: it returns only when both have released, in either order")
  func twoHolds() async throws {
    for isReversed in [false, true] {
      let holds = [await breaker.hold(.forcedOpen), await breaker.hold(.forcedOpen)]
      let order = isReversed ? holds.reversed() : holds
      await order[0].release()
      await order[0].release()
      #expect(breaker.state == .forcedOpen)
      await order[1].release()
      #expect(breaker.state == .closed)
    }
  }

  @Test("Disabled it lets everything pass and counts nothing; forced open wins over it")
  func disabled() async throws {
    let disabled = await breaker.hold(.disabled)
    await fail(100)
    #expect(breaker.state == .disabled)
    let forced = await breaker.hold(.forcedOpen)
    #expect(breaker.state == .forcedOpen)
    await forced.release()
    #expect(breaker.state == .disabled)
    await disabled.release()
    #expect(breaker.state == .closed)
    await fail(1)
    #expect(breaker.state == .closed)
  }

  @Test("A call admitted before a hold, a release or a reset is not counted after it")
  func fencing() async throws {
    for change in [
      { await breaker.hold(.forcedOpen).release() },
      { await breaker.hold(.disabled).release() },
      { await breaker.reset() },
      { try? await breaker.apply(breaker.settings) },
    ] as [@Sendable () async -> Void] {
      let early = try await breaker.acquire()
      await fail(1)
      await change()
      #expect(await early.settle(as: .failure) == .stale)
      #expect(breaker.snapshot.consecutiveFailures == 0)
      #expect(breaker.state == .closed)
    }
  }

  @Test("In shadow mode it refuses nobody and reports whom it would have refused")
  func shadow() async throws {
    let events = Recorder<Event>()
    let breaker = CircuitBreaker(
      "callee",
      trip: .consecutiveFailures(2),
      openFor: .seconds(10),
      timeline: Timeline(clock),
      observer: ClosureObserver { events($0) }
    )
    let hold = await breaker.hold(.shadow)
    await fail(2, breaker)
    #expect(breaker.state == .open)
    for _ in 0..<5 { #expect(try await breaker.run { 1 } == 1) }
    let wouldRefuse = events.all.filter { if case .wouldRefuse = $0.kind { true } else { false } }
    #expect(wouldRefuse.count == 5)
    #expect(!events.all.contains { if case .refused = $0.kind { true } else { false } })
    clock.advance(by: .seconds(10))
    try await breaker.run {}
    #expect(breaker.state == .closed)

    await fail(2, breaker)
    await hold.release()
    #expect(breaker.state == .open)
    await #expect(throws: CircuitOpen.self) { try await breaker.run {} }
  }

  @Test("One control holds many breakers, those made later included, and does not keep them alive")
  func control() async throws {
    let control = BreakerControl()
    func make(_ name: String) -> CircuitBreaker {
      CircuitBreaker(name, BreakerSettings(), control: control, timeline: Timeline(clock))
    }
    let first = make("first")
    let own = await first.hold(.forcedOpen)
    let hold = await control.hold(.forcedOpen)
    let other = await control.hold(.disabled)
    let second = make("second")
    #expect(first.state == .forcedOpen && second.state == .forcedOpen)
    await hold.release()
    await hold.release()
    #expect(first.state == .forcedOpen && second.state == .disabled)
    await own.release()
    #expect(first.state == .disabled)
    await other.release()
    #expect(first.state == .closed && second.state == .closed)
    #expect(make("third").state == .closed)

    weak var gone: CircuitBreaker?
    do {
      let temporary = make("temporary")
      gone = temporary
      #expect(temporary.state == .closed)
    }
    #expect(gone == nil)
  }

  @Test("Reset closes it and forgets what was counted, from every state")
  func reset() async throws {
    await fail(1)
    await breaker.reset()
    #expect(breaker.snapshot.consecutiveFailures == 0)
    await fail(2)
    await breaker.reset()
    #expect(breaker.state == .closed)
    await fail(2)
    clock.advance(by: .seconds(10))
    let probe = try await breaker.acquire()
    await breaker.reset()
    #expect(breaker.state == .closed)
    #expect(await probe.settle(as: .failure) == .stale)
    let hold = await breaker.hold(.forcedOpen)
    await breaker.reset()
    #expect(breaker.state == .forcedOpen)
    await hold.release()
  }

  @Test("Other settings are taken over at run time; wrong ones are refused and nothing changes")
  func apply() async throws {
    var settings = breaker.settings
    settings.trip = .consecutiveFailures(1)
    try await breaker.apply(settings)
    await fail(1)
    #expect(breaker.state == .open)

    settings.open = .constant(.seconds(1))
    try await breaker.apply(settings)
    #expect(breaker.snapshot.remaining == .seconds(10))
    clock.advance(by: .seconds(10))
    await fail(1)
    #expect(breaker.snapshot.remaining == .seconds(1))

    var wrong = settings
    wrong.halfOpen.probes = 0
    let error = await #expect(throws: InvalidSetting.self) { try await breaker.apply(wrong) }
    #expect(error?.description == "probes is 0, but must be in 1...65535")
    #expect(breaker.settings.halfOpen.probes == 1)
    clock.advance(by: .seconds(1))
    try await breaker.run {}
    #expect(breaker.state == .closed)
  }

  @Test("Settings that look at windows and slowness take effect on a running breaker")
  func applyWindows() async throws {
    var settings = breaker.settings
    settings.slowAfter = .seconds(1)
    settings.trip = .slowCallRate(1, over: .seconds(60), minimumCalls: 2)
    try await breaker.apply(settings)
    for _ in 0..<2 { try await breaker.run { clock.advance(by: .seconds(1)) } }
    #expect(breaker.state == .open)
  }

  @Test("A snapshot survives encoding, and another breaker goes on where it stopped")
  func restore() async throws {
    var settings = BreakerSettings()
    settings.trip = .consecutiveFailures(2) || .failureRate(0.5, over: .seconds(10))
    settings.open = .growing(from: .seconds(10), upTo: .seconds(100))
    let breaker = CircuitBreaker("callee", settings, timeline: Timeline(clock))
    await fail(2, breaker)
    clock.advance(by: .seconds(10))
    await fail(1, breaker)
    clock.advance(by: .seconds(5))

    let data = try JSONEncoder().encode(breaker.snapshot)
    let snapshot = try JSONDecoder().decode(BreakerSnapshot.self, from: data)
    #expect(snapshot == breaker.snapshot)
    let other = CircuitBreaker("other", settings, timeline: Timeline(clock))
    try await other.restore(snapshot)
    #expect(other.state == .open)
    #expect(other.snapshot.remaining == .seconds(15))
    #expect(other.snapshot.trips == 2)
    clock.advance(by: .seconds(15))
    await fail(1, other)
    #expect(other.snapshot.remaining == .seconds(40))
  }

  @Test("Restored closed, it goes on with the failures in a row")
  func restoreClosed() async throws {
    await fail(1)
    let other = CircuitBreaker("other", trip: .consecutiveFailures(2), timeline: Timeline(clock))
    try await other.restore(breaker.snapshot)
    await fail(1, other)
    #expect(other.state == .open)
  }

  @Test("A snapshot that makes no sense is refused, and nothing changes")
  func restoreNonsense() async throws {
    let data = try JSONEncoder().encode(breaker.snapshot)
    let text = String(decoding: data, as: UTF8.self)
    let wrong = text.replacing("\"consecutiveFailures\":0", with: "\"consecutiveFailures\":-7")
    #expect(wrong != text)
    let snapshot = try JSONDecoder().decode(BreakerSnapshot.self, from: Data(wrong.utf8))
    let error = await #expect(throws: InvalidSetting.self) { try await breaker.restore(snapshot) }
    #expect(error?.description == "consecutive failures is -7, but must be at least 0")
    #expect(breaker.snapshot.term == 0)
  }

  @Test("During the period of grace nothing is counted")
  func grace() async throws {
    var settings = BreakerSettings()
    settings.trip = .consecutiveFailures(2) || .failures(2, lastCalls: 10)
    settings.grace = .seconds(30)
    let breaker = CircuitBreaker("callee", settings, timeline: Timeline(clock))
    await fail(10, breaker)
    try await breaker.run {}
    #expect(breaker.state == .closed)
    #expect(breaker.snapshot.windows[0].tally.calls == 0)
    clock.advance(by: .seconds(30))
    await fail(1, breaker)
    #expect(breaker.state == .closed)
    await fail(1, breaker)
    #expect(breaker.state == .open)
  }

  @Test("It may begin open, as if restored")
  func beginsOpen() async throws {
    var settings = BreakerSettings()
    settings.startsOpen = true
    settings.open = .constant(.seconds(10))
    let breaker = CircuitBreaker("callee", settings, timeline: Timeline(clock))
    #expect(breaker.state == .open)
    let error = await #expect(throws: CircuitOpen.self) { try await breaker.run {} }
    #expect(error?.reason == .restored)
    clock.advance(by: .seconds(10))
    try await breaker.run {}
    #expect(breaker.state == .closed)
  }
}
