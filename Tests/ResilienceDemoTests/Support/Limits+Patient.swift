@testable import ResilienceDemo

extension Limits {
  /// Limits that a busy machine does not reach: these tests are not about time.
  static var patient: Limits {
    var limits = Limits(duration: .seconds(3_600))
    limits.attemptTimeoutMilliseconds = 60_000
    limits.callTimeoutMilliseconds = 120_000
    return limits
  }
}
