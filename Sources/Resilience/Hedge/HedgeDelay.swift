/// How long a hedge waits before it makes another call in addition.
public enum HedgeDelay: Hashable, Sendable {
  /// After this time without an outcome, each time anew. Zero starts all attempts at once.
  case fixed(Duration)

  /// Only when an attempt has failed.
  case onFailure

  /// After the time in which this share of the latest calls had succeeded, within bounds.
  ///
  /// The share is in 0...1; 0.95 adds a call for the slowest twentieth. Until enough calls have
  /// been seen it is the upper bound.
  case quantile(Double, atLeast: Duration, upTo: Duration)

  func validate() throws(InvalidSetting) {
    switch self {
    case .onFailure: break
    case .fixed(let delay): try check("hedge delay", delay, atLeast: .zero)
    case .quantile(let share, let lowest, let highest):
      try check("hedge quantile", share, in: 0...1)
      try check("shortest hedge delay", lowest, atLeast: .zero)
      try check("longest hedge delay", highest, atLeast: lowest)
    }
  }
}
