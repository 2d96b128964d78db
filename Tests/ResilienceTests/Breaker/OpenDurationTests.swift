import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Open duration")
struct OpenDurationTests {
  private struct Busy: CallError {
    let retryAdvice: RetryAdvice
  }

  private let clock = ManualClock()

  private func breaker(_ open: OpenDuration, random: RandomSource = .system) -> CircuitBreaker {
    var settings = BreakerSettings()
    settings.trip = .consecutiveFailures(1)
    settings.open = open
    return CircuitBreaker("callee", settings, timeline: Timeline(clock), random: random)
  }

  private func fail(_ breaker: CircuitBreaker, with error: any Error = Boom()) async -> Duration {
    _ = try? await breaker.run { throw error }
    return breaker.snapshot.remaining
  }

  @Test("It grows with each time in a row up to the cap, and starts anew after a close")
  func growing() async throws {
    let breaker = breaker(.growing(from: .seconds(1), upTo: .seconds(10)))
    var durations: [Duration] = []
    for _ in 0..<6 {
      let duration = await fail(breaker)
      durations.append(duration)
      clock.advance(by: duration)
    }
    #expect(durations == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
    #expect(breaker.snapshot.trips == 6)
    try await breaker.run {}
    #expect(breaker.snapshot.trips == 0)
    #expect(await fail(breaker) == .seconds(1))
  }

  @Test("It never overflows, however often the circuit opens and however long it may be")
  func overflow() {
    let open = OpenDuration.growing(from: .seconds(3), upTo: .seconds(Int64.max))
    for trips in [1, 2, 62, 63, 64, 1_000, .max] {
      let duration = open.duration(trips: trips, draw: 0)
      #expect(.seconds(3) <= duration && duration <= .seconds(Int64.max))
    }
  }

  @Test("Jitter shortens it by its share at most, as drawn by the seed")
  func jitter() async {
    func durations(seed: UInt64) async -> [Duration] {
      let random = RandomSource(SplitMix64(seed: seed))
      let breaker = breaker(
        .growing(from: .seconds(10), upTo: .seconds(10), jitter: 0.2),
        random: random
      )
      var durations: [Duration] = []
      for _ in 0..<100 {
        let duration = await fail(breaker)
        #expect(.seconds(8) <= duration && duration <= .seconds(10))
        durations.append(duration)
        clock.advance(by: duration)
      }
      return durations
    }
    let first = await durations(seed: 1)
    #expect(Set(first).count > 90)
    #expect(await durations(seed: 1) == first)
    #expect(await durations(seed: 2) != first)
  }

  @Test("The failure that opens the circuit may ask for another duration, within the cap")
  func hints() async {
    let open = OpenDuration.constant(.seconds(5)).honouringHints(upTo: .seconds(60))
    for (advice, expected) in [
      (RetryAdvice.allowedAfter(.seconds(20)), 20), (.allowedAfter(.seconds(1_000_000)), 60),
      (.allowedAfter(.zero), 5), (.allowedAfter(.seconds(-3)), 5), (.allowed, 5), (.forbidden, 5),
    ] {
      let duration = await fail(breaker(open), with: Busy(retryAdvice: advice))
      #expect(duration == .seconds(expected), "\(advice)")
    }
    #expect(await fail(breaker(open)) == .seconds(5))
  }

  @Test("Hints are not honoured unless asked for; an own function may find them anywhere")
  func ownHints() async {
    let busy = Busy(retryAdvice: .allowedAfter(.seconds(20)))
    #expect(await fail(breaker(.constant(.seconds(5))), with: busy) == .seconds(5))
    let open = OpenDuration.constant(.seconds(5)).honouringHints(upTo: .seconds(60)) {
      ($0 as? Boom).map { .seconds($0.number) }
    }
    #expect(await fail(breaker(open), with: Boom(number: 9)) == .seconds(9))
  }

  @Test("Settings out of range are named")
  func validation() {
    #expect(throws: InvalidSetting.self) {
      try OpenDuration.growing(from: .zero, upTo: .seconds(1)).validate()
    }
    #expect(throws: InvalidSetting.self) {
      try OpenDuration.growing(from: .seconds(2), upTo: .seconds(1)).validate()
    }
    let error = #expect(throws: InvalidSetting.self) {
      try OpenDuration.growing(from: .seconds(1), upTo: .seconds(1), jitter: 2).validate()
    }
    #expect(error?.description == "jitter of the open duration is 2.0, but must be in 0.0...1.0")
  }
}
