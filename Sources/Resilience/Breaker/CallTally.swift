/// How many calls ended how.
public struct CallTally: Hashable, Sendable, Codable {
  /// Calls that were judged a success, slow ones included.
  public internal(set) var successes: Int

  /// Calls that were judged a failure, slow ones included.
  public internal(set) var failures: Int

  /// Successes that took longer than a call should.
  public internal(set) var slowSuccesses: Int

  /// Failures that took longer than a call should.
  public internal(set) var slowFailures: Int

  /// Creates a tally; mostly of use to test a custom trip rule.
  ///
  /// - Parameters:
  ///   - successes: Calls that succeeded, slow ones included.
  ///   - failures: Calls that failed, slow ones included.
  ///   - slowSuccesses: How many of the successes were slow.
  ///   - slowFailures: How many of the failures were slow.
  public init(
    successes: Int = 0,
    failures: Int = 0,
    slowSuccesses: Int = 0,
    slowFailures: Int = 0
  ) {
    self.successes = successes
    self.failures = failures
    self.slowSuccesses = slowSuccesses
    self.slowFailures = slowFailures
  }

  /// All calls counted.
  public var calls: Int { successes + failures }

  /// All slow calls counted.
  public var slowCalls: Int { slowSuccesses + slowFailures }

  /// Share of calls that failed, in 0...1; zero when there were none.
  public var failureRate: Double { share(failures) }

  /// Share of calls that were slow, in 0...1; zero when there were none.
  public var slowCallRate: Double { share(slowCalls) }

  private func share(_ part: Int) -> Double {
    calls == 0 ? 0 : Double(part) / Double(calls)
  }
}

extension CallTally {
  static func += (lhs: inout CallTally, rhs: CallTally) {
    lhs.successes += rhs.successes
    lhs.failures += rhs.failures
    lhs.slowSuccesses += rhs.slowSuccesses
    lhs.slowFailures += rhs.slowFailures
  }
}
