/// How many calls ended how.
public struct CallTally: Hashable, Sendable {
  /// Calls that were judged a success.
  public internal(set) var successes = 0

  /// Calls that were judged a failure.
  public internal(set) var failures = 0

  /// Creates a tally; mostly of use to test a custom trip rule.
  public init(successes: Int = 0, failures: Int = 0) {
    self.successes = successes
    self.failures = failures
  }

  /// All calls counted.
  public var calls: Int { successes + failures }

  /// Share of calls that failed, in 0...1; zero when there were none.
  public var failureRate: Double {
    calls == 0 ? 0 : Double(failures) / Double(calls)
  }

  static func += (lhs: inout CallTally, rhs: CallTally) {
    lhs.successes += rhs.successes
    lhs.failures += rhs.failures
  }

  static func -= (lhs: inout CallTally, rhs: CallTally) {
    lhs.successes -= rhs.successes
    lhs.failures -= rhs.failures
  }
}
