/// The calls of the last while, by class: a ring of buckets of equal length.
///
/// A bucket begins at each multiple of its length, counted from the origin of the timeline. The
/// window holds the current one and those before it, and so covers between all but a bucket of its
/// duration and all of it.
///
/// - Complexity: O(1) per call, O(buckets) after a pause; 64 bytes per bucket.
struct ThrottleWindow: Hashable, Sendable {
  private let bucketLength: Int64
  private var buckets: [ThrottleTally]
  /// Number of the newest bucket since the origin.
  private var newest: Int64 = .min

  /// The calls in the window, as of the last ``advance(to:)`` or ``count(_:isAccepted:at:)``.
  private(set) var total = ThrottleTally()

  /// - Parameters:
  ///   - duration: Length of the window. At least a nanosecond per bucket.
  ///   - buckets: Number of buckets. At least 1.
  init(_ duration: Duration, buckets: Int) {
    let (quotient, remainder) = duration.clampedNanoseconds
      .quotientAndRemainder(dividingBy: Int64(buckets))
    // Rounded up, so that the window never falls short.
    bucketLength = quotient + (remainder == 0 ? 0 : 1)
    self.buckets = Array(repeating: ThrottleTally(), count: buckets)
  }

  /// Counts a call that ended or was refused at `now`.
  mutating func count(_ criticality: Criticality, isAccepted: Bool, at now: Moment) {
    advance(to: now)
    buckets[index(of: newest)].count(criticality, isAccepted: isAccepted)
    total.count(criticality, isAccepted: isAccepted)
  }

  /// Drops what falls out of the window.
  ///
  /// A reading that is older than the newest bucket, by a thread that was held up, drops nothing.
  mutating func advance(to now: Moment) {
    let bucket = number(of: now)
    guard newest < bucket else { return }
    // In an empty window every bucket is empty.
    if total != ThrottleTally() { forget(upTo: bucket) }
    newest = bucket
  }

  private mutating func forget(upTo bucket: Int64) {
    let expired = bucket.subtractingReportingOverflow(newest)
    let all = Int64(buckets.count)
    for step in 1...(expired.overflow ? all : min(expired.partialValue, all)) {
      let index = index(of: newest &+ step)
      total -= buckets[index]
      buckets[index] = ThrottleTally()
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
