/// The last n calls: a ring of bits for the failures, and one for the slow calls, in words of
/// ``CallCounts``.
struct LastCalls {
  private let part: CountLayout.Part
  private let total: CallCell

  init(_ part: CountLayout.Part, _ layout: CountLayout) {
    self.part = part
    total = CallCell(start: part.start + 1, countsSlow: layout.countsSlow)
  }

  /// Counts calls that all ended alike.
  func record(_ outcome: CallTally, in words: inout MutableSpan<UInt64>) {
    let isSlow = total.countsSlow && outcome.slowCalls > 0
    for _ in 0..<min(outcome.successes, part.size) { add(failed: false, slow: isSlow, in: &words) }
    for _ in 0..<min(outcome.failures, part.size) { add(failed: true, slow: isSlow, in: &words) }
  }

  /// What is in the window.
  func tally(in words: Span<UInt64>) -> CallTally { total.tally(in: words) }

  private func add(failed: Bool, slow: Bool, in words: inout MutableSpan<UInt64>) {
    let next = Int(words[part.start])
    let wasFailed = exchange(next, failed, ring: 0, in: &words)
    let wasSlow = total.countsSlow && exchange(next, slow, ring: 1, in: &words)
    if total.tally(in: words.span).calls == part.size {
      total.subtract(Self.one(failed: wasFailed, slow: wasSlow), in: &words)
    }
    total.add(Self.one(failed: failed, slow: slow), in: &words)
    words[part.start] = next + 1 == part.size ? 0 : UInt64(next + 1)
  }

  /// Puts a bit in its place on a ring.
  ///
  /// - Returns: The bit that was there.
  private func exchange(
    _ place: Int,
    _ isSet: Bool,
    ring: Int,
    in words: inout MutableSpan<UInt64>
  ) -> Bool {
    let rings = total.end + ring * CountLayout.Part.words(ofBits: part.size)
    let (index, bit) = (rings + place / 64, UInt64(1) << UInt64(place % 64))
    let word = words[index]
    words[index] = isSet ? word | bit : word & ~bit
    return word & bit != 0
  }

  private static func one(failed: Bool, slow: Bool) -> CallTally {
    CallOutcome(failed ? .failure : .success, isSlow: slow).tally
  }
}
