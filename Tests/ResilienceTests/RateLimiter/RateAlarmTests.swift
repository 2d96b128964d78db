import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Rate limiter: its alarm")
struct RateAlarmTests {
  /// Manual time in which something happens right before an alarm is scheduled.
  private final class HookedTime: TimeSource {
    let manual = ManualTime()
    private let hook = Guarded<(@Sendable () -> Void)?>(nil)

    var now: Moment { manual.now }

    func beforeNextAlarm(_ body: @escaping @Sendable () -> Void) { hook.withLock { $0 = body } }

    func schedule(_ alarm: any Alarm, at moment: Moment) {
      let body = hook.withLock { hook in
        defer { hook = nil }
        return hook
      }
      body?()
      manual.schedule(alarm, at: moment)
    }

    func cancel(_ alarm: any Alarm) { manual.cancel(alarm) }
  }

  private let time = HookedTime()

  private func wait(_ limiter: RateLimiter, _ weight: Int) async -> Task<Void, any Error> {
    let before = limiter.waiting
    let task = Task { try await limiter.run(weight: weight) {} }
    while limiter.waiting == before { await Task.yield() }
    await time.manual.alarms(atLeast: 1)
    return task
  }

  private func limiter() throws -> RateLimiter {
    let limiter = RateLimiter(
      "search",
      .tokenBucket(10, per: .seconds(1), burst: 5),
      maxWait: .seconds(10),
      timeline: Timeline(source: time)
    )
    try limiter.acquire(weight: 5)
    return limiter
  }

  @Test("An alarm that is not needed any more before it has been scheduled does not stay")
  func obsoleteBeforeScheduled() async throws {
    let limiter = try limiter()
    let heavy = await wait(limiter, 5)
    let light = await wait(limiter, 1)
    time.beforeNextAlarm { light.cancel() }
    // The light one moves up, which needs an earlier alarm; while that is set, it leaves.
    heavy.cancel()
    #expect(limiter.waiting == 0)
    #expect(time.manual.alarms == 0)
    _ = await (heavy.result, light.result)
  }

  @Test("When the first leaves, the alarm is for the next one's turn")
  func nextTurn() async throws {
    let limiter = try limiter()
    let heavy = await wait(limiter, 5)
    let light = await wait(limiter, 1)
    heavy.cancel()
    #expect(time.manual.alarms == 1)
    time.manual.advance(by: .milliseconds(100))
    try await light.value
    #expect(time.manual.alarms == 0)
    _ = await heavy.result
  }
}
