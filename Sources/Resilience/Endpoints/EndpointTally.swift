/// Calls to an endpoint that said something about it.
struct EndpointTally: RollingTally {
  private(set) var calls: UInt64 = 0
  private(set) var failures: UInt64 = 0

  init() {}

  init(isFailure: Bool) {
    calls = 1
    failures = isFailure ? 1 : 0
  }

  /// Share of the calls that failed; 0 when there were none.
  var failureRate: Double { calls == 0 ? 0 : Double(failures) / Double(calls) }

  static func += (lhs: inout Self, rhs: Self) {
    lhs.calls += rhs.calls
    lhs.failures += rhs.failures
  }

  static func -= (lhs: inout Self, rhs: Self) {
    lhs.calls -= rhs.calls
    lhs.failures -= rhs.failures
  }
}
