/// The outcomes of the calls of the last while: a ring of buckets of equal length.
///
/// A bucket begins at each multiple of its length, counted from the origin of the timeline.
///
/// - Complexity: O(1) per call, O(buckets) after a pause; 32 bytes per bucket.
struct RollingTime: Hashable, Sendable {
  private let bucketLength: Int64
  private var buckets: [CallTally]
  private var total = CallTally()
  /// Number of the newest bucket since the origin.
  private var newest: Int64 = .min

  /// What stands in for a window while it is being changed.
  static let placeholder = RollingTime(bucketLength: 1, buckets: 0)

  /// - Parameters:
  ///   - bucketLength: Length of a bucket in nanoseconds, at least 1.
  ///   - buckets: Number of buckets in the window.
  init(bucketLength: Int64, buckets: Int) {
    self.bucketLength = bucketLength
    self.buckets = Array(repeating: CallTally(), count: buckets)
  }

  mutating func record(_ outcome: CallTally, at now: Moment) {
    // A reading that is older than the newest bucket, by a thread that was held up, counts there.
    let bucket = max(number(of: now), newest)
    forget(upTo: bucket)
    newest = bucket
    buckets[index(of: bucket)] += outcome
    total += outcome
  }

  /// The calls still in the window at `now`.
  func tally(at now: Moment) -> CallTally {
    var copy = self
    copy.forget(upTo: max(number(of: now), newest))
    return copy.total
  }

  /// Drops the buckets that fall out of the window when `bucket` becomes the newest.
  private mutating func forget(upTo bucket: Int64) {
    guard total.calls > 0, newest < bucket else { return }
    let expired = bucket.subtractingReportingOverflow(newest)
    let count = expired.overflow ? Int64(buckets.count) : expired.partialValue
    for step in 1...min(count, Int64(buckets.count)) {
      let index = index(of: newest &+ step)
      total -= buckets[index]
      buckets[index] = CallTally()
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
