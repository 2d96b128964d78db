/// The outcomes of the last n calls: a ring of bits for the failures, and one for the slow calls.
///
/// - Complexity: O(1) per call, n / 4 bytes.
struct LastCalls: Hashable, Sendable {
  let size: Int
  private(set) var total = CallTally()
  private var failed: [UInt64] = []
  private var slow: [UInt64] = []
  private var next = 0

  init(size: Int) {
    self.size = size
  }

  /// Adds calls that all ended alike.
  mutating func record(_ outcome: CallTally) {
    let isSlow = outcome.slowCalls > 0
    for _ in 0..<min(outcome.successes, size) { add(failed: false, slow: isSlow) }
    for _ in 0..<min(outcome.failures, size) { add(failed: true, slow: isSlow) }
  }

  private mutating func add(failed isFailure: Bool, slow isSlow: Bool) {
    if failed.isEmpty {
      failed = Array(repeating: 0, count: (size + 63) / 64)
      slow = failed
    }
    let (word, bit) = (next / 64, UInt64(1) << UInt64(next % 64))
    if total.calls == size {
      total -= Self.one(failed: failed[word] & bit != 0, slow: slow[word] & bit != 0)
    }
    failed[word] = isFailure ? failed[word] | bit : failed[word] & ~bit
    slow[word] = isSlow ? slow[word] | bit : slow[word] & ~bit
    total += Self.one(failed: isFailure, slow: isSlow)
    next = next + 1 == size ? 0 : next + 1
  }

  private static func one(failed: Bool, slow: Bool) -> CallTally {
    CallOutcome(failed ? .failure : .success, isSlow: slow).tally
  }
}
