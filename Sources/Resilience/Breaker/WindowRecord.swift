/// The outcomes of the calls in a ``CallWindow``, as a value.
struct WindowRecord: Hashable, Sendable {
  private enum Kind: Hashable, Sendable {
    case lastCalls(LastCalls)
    case rolling(RollingTime<CallTally>)
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
