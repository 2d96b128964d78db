/// The calls a trip rule looks at: the last n, or those of the last while.
public enum CallWindow: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The last `n` calls; each new one pushes out the oldest.
  case lastCalls(Int)

  /// The calls that ended within a rolling duration, in `buckets` equal parts.
  ///
  /// The window moves by whole buckets: it holds the current one and the `buckets - 1` before it,
  /// and so covers between `(buckets - 1) / buckets` of the duration and all of it.
  case rolling(Duration, buckets: Int)

  /// The window in words.
  public var description: String {
    switch self {
    case .lastCalls(let size): "the last \(size) calls"
    case .rolling(let duration, _): "the last \(duration)"
    }
  }

  /// Length of a bucket in nanoseconds, rounded up so that the window never falls short; `nil` for a
  /// window without buckets.
  var bucketLength: Int64? {
    guard case .rolling(let duration, let buckets) = self else { return nil }
    let (quotient, remainder) = duration.clampedNanoseconds
      .quotientAndRemainder(dividingBy: Int64(buckets))
    return quotient + (remainder == 0 ? 0 : 1)
  }

  func validate() throws(InvalidSetting) {
    switch self {
    case .lastCalls(let size):
      try check("last calls", size, in: 1...1_000_000)
    case .rolling(let duration, let buckets):
      try check("buckets", buckets, in: 1...1_000)
      try check("window duration", duration, atLeast: .nanoseconds(buckets))
    }
  }
}
