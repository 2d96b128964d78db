/// The outcomes of the last n calls: a ring of bits.
///
/// - Complexity: O(1) per call, n / 8 bytes.
struct LastCalls: Equatable, Sendable {
  let size: Int
  private(set) var total = CallTally()
  private var failed: [UInt64] = []
  private var next = 0

  init(size: Int) {
    self.size = size
  }

  /// Adds the calls of `outcome`, its successes before its failures.
  mutating func record(_ outcome: CallTally) {
    for _ in 0..<min(outcome.successes, size) { add(failure: false) }
    for _ in 0..<min(outcome.failures, size) { add(failure: true) }
  }

  private mutating func add(failure: Bool) {
    if failed.isEmpty { failed = Array(repeating: 0, count: (size + 63) / 64) }
    let (word, bit) = (next / 64, UInt64(1) << UInt64(next % 64))
    if total.calls == size {
      if failed[word] & bit != 0 { total.failures -= 1 } else { total.successes -= 1 }
    }
    if failure {
      failed[word] |= bit
      total.failures += 1
    } else {
      failed[word] &= ~bit
      total.successes += 1
    }
    next = next + 1 == size ? 0 : next + 1
  }
}
