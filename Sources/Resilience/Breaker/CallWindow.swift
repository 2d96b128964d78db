/// The calls a trip rule looks at: the last n, or those of the last while.
public enum CallWindow: Hashable, Sendable, CustomStringConvertible {
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

  func checked() -> Self {
    switch self {
    case .lastCalls(let size):
      precondition((1...1_000_000).contains(size), "need 1 <= last calls (\(size)) <= 1000000")
    case .rolling(let duration, let buckets):
      precondition((1...1_000).contains(buckets), "need 1 <= buckets (\(buckets)) <= 1000")
      precondition(
        duration >= .nanoseconds(buckets),
        "need a window (\(duration)) of at least a nanosecond per bucket (\(buckets))"
      )
    }
    return self
  }
}

/// The outcomes of the calls in a ``CallWindow``, as a value.
struct WindowRecord: Equatable, Sendable {
  private enum Kind: Equatable, Sendable {
    case lastCalls(LastCalls)
    case rolling(RollingTime)
  }

  private var kind: Kind

  init(_ window: CallWindow) {
    switch window {
    case .lastCalls(let size):
      kind = .lastCalls(LastCalls(size: size))
    case .rolling(_, let buckets):
      kind = .rolling(RollingTime(bucketLength: window.bucketLength ?? 1, buckets: buckets))
    }
  }

  /// Counts calls that all ended alike, as if they had ended at `now`, one after the other.
  mutating func record(_ outcome: CallTally, at now: Moment) {
    switch kind {
    case .lastCalls(var window):
      kind = .lastCalls(LastCalls(size: 1))
      window.record(outcome)
      kind = .lastCalls(window)
    case .rolling(var window):
      kind = .rolling(.placeholder)
      window.record(outcome, at: now)
      kind = .rolling(window)
    }
  }

  func tally(at now: Moment) -> CallTally {
    switch kind {
    case .lastCalls(let window): window.total
    case .rolling(let window): window.tally(at: now)
    }
  }
}
