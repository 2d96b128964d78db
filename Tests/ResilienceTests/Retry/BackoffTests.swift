import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Back-off")
struct BackoffTests {
  @Test(
    "The upper end doubles until it meets the cap, and stays there for ever",
    arguments: [
      (1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (6, 1_000), (10_000, 1_000),
      (Int.max, 1_000),
    ]
  )
  func ceiling(retry: Int, milliseconds: Int) {
    let backoff = Backoff.exponential(from: .milliseconds(100), upTo: .seconds(1))
    #expect(backoff.base(before: retry) == .milliseconds(milliseconds))
  }

  @Test("A nanosecond that doubles ten thousand times does not overflow below a huge cap")
  func hugeCap() {
    let cap = Duration.seconds(Int64.max)
    let backoff = Backoff.exponential(from: .nanoseconds(1), upTo: cap)
    var last = Duration.zero
    for retry in 1...10_000 {
      let ceiling = backoff.base(before: retry)
      #expect(last <= ceiling && ceiling <= cap)
      last = ceiling
    }
  }

  @Test("Full jitter stays between zero and the upper end, and its mean is the middle")
  func jitter() {
    let backoff = Backoff.exponential(from: .milliseconds(100), upTo: .seconds(1))
    let random = RandomSource(SplitMix64(seed: 7))
    for retry in [1, 3, 9] {
      let ceiling = backoff.base(before: retry)
      var sum = Duration.zero
      for _ in 0..<10_000 {
        let pause = backoff.pause(before: retry, random: random)
        #expect(.zero <= pause && pause <= ceiling)
        sum += pause
      }
      let mean = sum / 10_000 / ceiling
      #expect(abs(mean - 0.5) < 0.01)
    }
  }

  @Test("A seed repeats the jitter exactly, another seed gives another")
  func repeatability() {
    let backoff = Backoff.exponential(from: .seconds(1), upTo: .seconds(60))
    func pauses(seed: UInt64) -> [Duration] {
      let random = RandomSource(SplitMix64(seed: seed))
      return (1...20).map { backoff.pause(before: $0, random: random) }
    }
    #expect(pauses(seed: 1) == pauses(seed: 1))
    #expect(pauses(seed: 1) != pauses(seed: 2))
  }

  @Test("Constant pauses and no pause have no jitter")
  func withoutJitter() {
    for retry in [1, 2, 1_000_000] {
      #expect(Backoff.none.pause(before: retry, random: .system) == .zero)
      #expect(Backoff.constant(.seconds(3)).pause(before: retry, random: .system) == .seconds(3))
    }
  }

  @Test("A back-off out of range is a programming error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = Backoff.exponential(from: .seconds(2), upTo: .seconds(1))
    }
    await #expect(processExitsWith: .failure) {
      _ = Backoff.exponential(from: .zero, upTo: .seconds(1))
    }
    await #expect(processExitsWith: .failure) { _ = Backoff.constant(.seconds(-1)) }
  }
}
