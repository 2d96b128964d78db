/// Where calls are counted: a word, or two where it matters how long calls take.
///
/// Each count has half a word, stops at its largest number and never spills into its neighbour.
struct CallCell {
  let start: Int
  let countsSlow: Bool

  /// The first word after it.
  var end: Int { start + (countsSlow ? 2 : 1) }

  func tally(in words: Span<UInt64>) -> CallTally {
    let all = Pair(bits: words[start])
    let slow = countsSlow ? Pair(bits: words[start + 1]) : Pair()
    return CallTally(
      successes: Int(clamping: all.successes),
      failures: Int(clamping: all.failures),
      slowSuccesses: Int(clamping: slow.successes),
      slowFailures: Int(clamping: slow.failures)
    )
  }

  func add(_ tally: CallTally, in words: inout MutableSpan<UInt64>) {
    let sum = Pair(bits: words[start]).adding(tally.successes, tally.failures)
    words[start] = sum.bits
    guard countsSlow else { return }
    let slow = Pair(bits: words[start + 1]).adding(tally.slowSuccesses, tally.slowFailures)
    words[start + 1] = slow.bits
  }

  /// Takes off calls that have been added.
  func subtract(_ tally: CallTally, in words: inout MutableSpan<UInt64>) {
    let opposite = CallTally(
      successes: -tally.successes,
      failures: -tally.failures,
      slowSuccesses: -tally.slowSuccesses,
      slowFailures: -tally.slowFailures
    )
    add(opposite, in: &words)
  }

  func clear(in words: inout MutableSpan<UInt64>) {
    words[start] = 0
    if countsSlow { words[start + 1] = 0 }
  }
}

/// Two counts in a word.
private struct Pair {
  var successes: UInt32 = 0
  var failures: UInt32 = 0

  init() {}

  init(bits: UInt64) {
    successes = UInt32(truncatingIfNeeded: bits)
    failures = UInt32(truncatingIfNeeded: bits >> 32)
  }

  var bits: UInt64 { UInt64(failures) << 32 | UInt64(successes) }

  /// These counts and those, as far as there is room.
  func adding(_ successes: Int, _ failures: Int) -> Pair {
    var sum = self
    sum.successes.addSaturating(successes)
    sum.failures.addSaturating(failures)
    return sum
  }
}

extension UInt32 {
  /// Adds a number that may be negative, and stops at the ends of the range.
  mutating func addSaturating(_ number: Int) {
    let (sum, overflow) = Int64(self).addingReportingOverflow(Int64(number))
    self = overflow ? .max : UInt32(clamping: sum)
  }
}
