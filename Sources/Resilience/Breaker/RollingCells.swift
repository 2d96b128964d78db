/// The calls within the last while: a ring of buckets of equal length, in words of ``CallCounts``.
///
/// A bucket begins at each multiple of its length, counted from the origin of the timeline. The
/// window holds the current one and those before it, and so covers between all but a bucket of its
/// duration and all of it.
struct RollingCells {
  private let part: CountLayout.Part
  private let countsSlow: Bool

  init(_ part: CountLayout.Part, _ layout: CountLayout) {
    self.part = part
    countsSlow = layout.countsSlow
  }

  /// Counts calls that ended at `now`.
  ///
  /// A reading that is older than the newest bucket, by a thread that was held up, counts there.
  func record(_ tally: CallTally, at now: Moment, in words: inout MutableSpan<UInt64>) {
    let newest = Self.bucket(words[part.start])
    let bucket = number(of: now)
    guard newest < bucket else { return cell(index(of: newest)).add(tally, in: &words) }
    let index = index(of: bucket)
    var expiring = index
    for _ in 0..<expired(from: newest, to: bucket) {
      cell(expiring).clear(in: &words)
      expiring = before(expiring)
    }
    words[part.start] = Self.word(bucket)
    cell(index).add(tally, in: &words)
  }

  /// What is still in the window at `now`.
  func tally(at now: Moment, in words: Span<UInt64>) -> CallTally {
    let newest = Self.bucket(words[part.start])
    let bucket = number(of: now)
    let expired = newest < bucket ? expired(from: newest, to: bucket) : 0
    var total = CallTally()
    var index = index(of: newest)
    for _ in expired..<part.size {
      total += cell(index).tally(in: words)
      index = before(index)
    }
    return total
  }

  /// How many buckets fall out of the window when `bucket` becomes the newest.
  private func expired(from newest: Int64, to bucket: Int64) -> Int {
    let (steps, overflow) = bucket.subtractingReportingOverflow(newest)
    return overflow ? part.size : Int(min(steps, Int64(part.size)))
  }

  private func number(of moment: Moment) -> Int64 {
    let (quotient, remainder) = moment.nanoseconds
      .quotientAndRemainder(dividingBy: part.bucketLength)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func index(of bucket: Int64) -> Int {
    let remainder = Int(bucket % Int64(part.size))
    return remainder < 0 ? remainder + part.size : remainder
  }

  private func before(_ index: Int) -> Int { index == 0 ? part.size - 1 : index - 1 }

  private func cell(_ index: Int) -> CallCell {
    let wordsPerCell = countsSlow ? 2 : 1
    return CallCell(start: part.start + 1 + index * wordsPerCell, countsSlow: countsSlow)
  }

  // The word of a window in which nothing was counted yet is zero, and stands for the first bucket.
  private static func word(_ bucket: Int64) -> UInt64 { UInt64(bitPattern: bucket ^ .min) }
  private static func bucket(_ word: UInt64) -> Int64 { Int64(bitPattern: word) ^ .min }
}
