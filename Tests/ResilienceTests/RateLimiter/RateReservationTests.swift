import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Rate reservation")
struct RateReservationTests {
  private let clock = ManualClock()

  /// One permit a second, of which the first has been taken.
  private func limiter(_ limit: RateLimit = .smooth(1, per: .seconds(1))) throws -> RateLimiter {
    let limiter = RateLimiter("search", limit, timeline: Timeline(clock))
    try limiter.acquire()
    return limiter
  }

  @Test("Its delay shrinks with time, and it is used when its turn has come")
  func delay() async throws {
    let limiter = try limiter()
    let reservation = try limiter.reserve(within: .seconds(5))
    #expect(reservation.delay == .seconds(1))
    clock.advance(by: .milliseconds(400))
    #expect(reservation.delay == .milliseconds(600))
    clock.advance(by: .milliseconds(600))
    #expect(reservation.delay == .zero)
    try await reservation.wait()
    #expect(limiter.available == 0)
  }

  @Test("A permit that is there is reserved at once")
  func atOnce() async throws {
    let limiter = try limiter(.tokenBucket(1, per: .seconds(1), burst: 3))
    let reservation = try limiter.reserve(weight: 2, within: .zero)
    #expect(reservation.delay == .zero && limiter.waiting == 0)
    try await reservation.wait()
    #expect(throws: RateLimited.self) { _ = try limiter.reserve(within: .zero) }
    #expect(throws: RateLimited.self) { _ = try limiter.reserve(within: .seconds(-1)) }
  }

  @Test("One that is cancelled is refunded wherever it stood, and those behind move up")
  func cancelled() throws {
    for cancelled in 0..<3 {
      let limiter = try limiter()
      let first = try limiter.reserve(within: .seconds(9))
      let second = try limiter.reserve(within: .seconds(9))
      let third = try limiter.reserve(within: .seconds(9))
      switch cancelled {
      case 0:
        first.cancel()
        #expect([second.delay, third.delay] == [.seconds(1), .seconds(2)])
        second.cancel()
        third.cancel()
      case 1:
        second.cancel()
        #expect([first.delay, third.delay] == [.seconds(1), .seconds(2)])
        first.cancel()
        third.cancel()
      default:
        third.cancel()
        #expect([first.delay, second.delay] == [.seconds(1), .seconds(2)])
        first.cancel()
        second.cancel()
      }
      clock.advance(by: .seconds(1))
      #expect(limiter.available == 1 && limiter.waiting == 0)
    }
  }

  @Test("One that is dropped a nanosecond before its turn is refunded; at its turn, it is not")
  func dropped() throws {
    for (wait, available) in [(Duration.nanoseconds(999_999_999), 1), (.seconds(1), 0)] {
      let limiter = try limiter()
      do {
        let reservation = try limiter.reserve(within: .seconds(1))
        clock.advance(by: wait)
        _ = reservation.delay
      }
      clock.advance(by: .seconds(1) - wait)
      #expect(limiter.available == available)
    }
  }

  @Test("Reservations and waiters stand in one line, and reservations alone need no alarm")
  func oneLine() async throws {
    let limiter = try limiter()
    let first = try limiter.reserve(within: .seconds(9))
    #expect(throws: RateLimited(policy: "search", reason: .noPermit, retryAfter: .seconds(2))) {
      try limiter.acquire()
    }
    let patient = try limiter.reserve(within: .seconds(9))
    #expect(clock.sleepers == 0 && limiter.waiting == 2)
    clock.advance(by: .seconds(1))
    #expect([first.delay, patient.delay] == [.zero, .seconds(1)])
    #expect(limiter.waiting == 1)
    clock.advance(by: .seconds(10))
    #expect(limiter.waiting == 0 && limiter.available == 1)
    try await first.wait()
    try await patient.wait()
  }

  @Test("One that waits is woken at its turn; cancelled before, it gives everything back")
  func waiting() async throws {
    let limiter = try limiter()
    let waits = Task {
      let reservation = try limiter.reserve(within: .seconds(1))
      try await reservation.wait()
    }
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    try await waits.value
    let cancelled = Task {
      let reservation = try limiter.reserve(within: .seconds(1))
      try await reservation.wait()
    }
    await clock.sleepers(atLeast: 1)
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    #expect(limiter.waiting == 0 && clock.sleepers == 0)
    clock.advance(by: .seconds(1))
    #expect(limiter.available == 1)
  }

  @Test("One that a new limit refuses is due in the distant future, and its wait says why")
  func refusedByLimit() async throws {
    let limiter = try limiter(.tokenBucket(2, per: .seconds(1)))
    let reservation = try limiter.reserve(weight: 2, within: .seconds(9))
    try limiter.apply(.smooth(1, per: .seconds(1)))
    #expect(reservation.delay > .seconds(86_400 * 36_500))
    #expect(limiter.waiting == 0)
    do {
      try await reservation.wait()
      Issue.record("it must not wait")
    } catch let error as RateLimited {
      #expect(error.reason == .tooHeavy(weight: 2, limit: 1))
    }
  }
}
