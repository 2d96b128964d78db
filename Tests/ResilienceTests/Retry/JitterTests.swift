import ResilienceTesting
import Testing

@testable import Resilience

/// Bounds, mean and spread of each jitter, on fixed seeds, against its formula.
@Suite("Jitter")
struct JitterTests {
  private static let draws = 20_000

  struct Expected: Sendable, CustomTestStringConvertible {
    let backoff: Backoff
    let range: ClosedRange<Double>
    let mean: Double

    var testDescription: String { "\(backoff)" }
  }

  @Test(
    "Pauses stay within bounds, their mean and their halves are those of the formula",
    arguments: [
      Expected(backoff: .constant(.seconds(1)), range: 1...1, mean: 1),
      Expected(backoff: .constant(.seconds(1), jitter: .full), range: 0...1, mean: 0.5),
      Expected(backoff: .constant(.seconds(1), jitter: .equal), range: 0.5...1, mean: 0.75),
      Expected(backoff: .constant(.seconds(1), jitter: .factor(0.2)), range: 0.8...1.2, mean: 1),
      Expected(
        backoff: .decorrelated(from: .seconds(1), upTo: .seconds(60)),
        range: 1...3,
        mean: 2
      ),
    ]
  )
  func distribution(expected: Expected) {
    let random = RandomSource(SplitMix64(seed: 11))
    let pauses = (0..<Self.draws).map { _ in
      expected.backoff.pause(before: 1, random: random) / .seconds(1)
    }
    #expect(pauses.allSatisfy { expected.range.contains($0) })
    let mean = pauses.reduce(0, +) / Double(pauses.count)
    let width = expected.range.upperBound - expected.range.lowerBound
    // Uniform: the mean of n draws has a standard deviation of width / √(12 n); five of them.
    #expect(abs(mean - expected.mean) <= 5 * width / (12 * Double(Self.draws)).squareRoot())
    guard width > 0 else { return }
    let below = pauses.count { $0 < expected.mean }
    #expect(abs(below - Self.draws / 2) < Self.draws / 40)
  }

  @Test("Two instances draw independently: their pauses do not correlate")
  func independence() {
    let backoff = Backoff.constant(.seconds(1), jitter: .full)
    func pauses(_ seed: UInt64) -> [Double] {
      let random = RandomSource(SplitMix64(seed: seed))
      return (0..<Self.draws).map { _ in
        backoff.pause(before: 1, random: random) / .seconds(1) - 0.5
      }
    }
    let products = zip(pauses(1), pauses(2)).map { $0 * $1 }
    let correlation = products.reduce(0, +) / Double(Self.draws) * 12
    #expect(abs(correlation) < 5 / Double(Self.draws).squareRoot())
  }

  @Test("Decorrelated pauses grow at most threefold and never pass the cap")
  func decorrelated() {
    let backoff = Backoff.decorrelated(from: .seconds(1), upTo: .seconds(20))
    let random = RandomSource(SplitMix64(seed: 5))
    var (previous, longest) = (Duration.zero, Duration.zero)
    for retry in 1...10_000 {
      let pause = backoff.pause(before: retry, previous: previous, random: random)
      #expect(.seconds(1) <= pause && pause <= .seconds(20))
      #expect(pause <= max(previous, .seconds(1)) * 3)
      previous = pause
      longest = max(longest, pause)
    }
    #expect(longest == .seconds(20))
  }

  @Test("Linear, sequence and custom back-offs, and growth that would overflow")
  func others() {
    let linear = Backoff.linear(from: .seconds(1), by: .seconds(2), upTo: .seconds(6))
    #expect(
      [1, 2, 3, 4, Int.max].map { linear.base(before: $0) } == [1, 3, 5, 6, 6].map { .seconds($0) }
    )
    let sequence = Backoff.sequence([.seconds(1), .seconds(5)])
    #expect([1, 2, 3, 99].map { sequence.base(before: $0) } == [1, 5, 5, 5].map { .seconds($0) })
    let custom = Backoff.custom { attempt, error in
      error is Boom ? .seconds(attempt) : .seconds(-1)
    }
    #expect(custom.base(before: 4, error: Boom()) == .seconds(4))
    #expect(custom.base(before: 4) == .zero)
    let huge = Backoff.exponential(
      from: .seconds(1),
      upTo: .seconds(Int64.max),
      factor: 1_000,
      jitter: .factor(1)
    )
    for retry in [1, 2, 7, 100, .max] {
      let pause = huge.pause(before: retry, random: .system)
      #expect(.zero <= pause && pause <= .seconds(Int64.max))
    }
  }
}
