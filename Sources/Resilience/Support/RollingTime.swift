/// What happened within the last while: a ring of buckets of equal length.
///
/// A bucket begins at each multiple of its length, counted from the origin of the timeline. The
/// window holds the current one and those before it, and so covers between all but a bucket of its
/// duration and all of it.
///
/// - Complexity: O(1) to record, O(buckets) after a pause; a tally per bucket.
struct RollingTime<Tally: RollingTally>: Hashable, Sendable {
  private let bucketLength: Int64
  private var buckets: [Tally]
  /// Number of the newest bucket since the origin.
  private var newest: Int64 = .min

  /// What is in the window, as of the last ``advance(to:)`` or ``record(_:at:)``.
  private(set) var total = Tally()

  /// What stands in for a window while it is being changed.
  static var placeholder: RollingTime { RollingTime(bucketLength: 1, buckets: 0) }

  /// - Parameters:
  ///   - bucketLength: Length of a bucket in nanoseconds, at least 1.
  ///   - buckets: Number of buckets in the window.
  init(bucketLength: Int64, buckets: Int) {
    self.bucketLength = bucketLength
    self.buckets = Array(repeating: Tally(), count: buckets)
  }

  /// Adds what happened at `now`.
  mutating func record(_ tally: Tally, at now: Moment) {
    advance(to: now)
    buckets[index(of: newest)] += tally
    total += tally
  }

  /// Drops what falls out of the window.
  ///
  /// A reading that is older than the newest bucket, by a thread that was held up, drops nothing.
  mutating func advance(to now: Moment) {
    let bucket = number(of: now)
    guard newest < bucket else { return }
    // In an empty window every bucket is empty.
    if total != Tally() { forget(upTo: bucket) }
    newest = bucket
  }

  /// What is still in the window at `now`.
  func tally(at now: Moment) -> Tally {
    var copy = self
    copy.advance(to: now)
    return copy.total
  }

  /// Drops the buckets that fall out of the window when `bucket` becomes the newest.
  private mutating func forget(upTo bucket: Int64) {
    let expired = bucket.subtractingReportingOverflow(newest)
    let all = Int64(buckets.count)
    for step in 1...(expired.overflow ? all : min(expired.partialValue, all)) {
      let index = index(of: newest &+ step)
      total -= buckets[index]
      buckets[index] = Tally()
    }
  }

  private func number(of moment: Moment) -> Int64 {
    let (quotient, remainder) = moment.nanoseconds.quotientAndRemainder(dividingBy: bucketLength)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func index(of bucket: Int64) -> Int {
    let remainder = Int(bucket % Int64(buckets.count))
    return remainder < 0 ? remainder + buckets.count : remainder
  }
}

/// Numbers that are added up, and taken off again as they fall out of a window.
protocol RollingTally: Hashable, Sendable {
  /// Nothing.
  init()

  static func += (lhs: inout Self, rhs: Self)
  static func -= (lhs: inout Self, rhs: Self)
}
