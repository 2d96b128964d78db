extension CallLog {
  /// Requires that few calls reached the callee within any span of a given length.
  ///
  /// ```swift
  /// // Of an outage's second seconds: the breaker lets only its probes through.
  /// try service.calls.requireAtMost(2, within: .seconds(1), from: .seconds(65), to: .seconds(90))
  /// ```
  ///
  /// - Parameters:
  ///   - limit: How many calls there may be.
  ///   - length: Length of the span; spans are not aligned to anything.
  ///   - begin: Calls before it do not matter.
  ///   - end: Calls at and after it do not matter.
  /// - Throws: ``RequirementFailed``.
  public func requireAtMost(
    _ limit: Int,
    within length: Duration,
    from begin: Duration,
    to end: Duration
  ) throws {
    let most = most(within: length, from: begin, to: end)
    try require(
      most <= limit,
      "\(most) calls reached the callee within \(length) between \(begin) and \(end), "
        + "at most \(limit) may"
    )
  }

  /// Requires that the callee was called at least so often.
  ///
  /// - Parameters:
  ///   - limit: How many calls there must be.
  ///   - begin: Calls before it do not matter.
  ///   - end: Calls at and after it do not matter.
  /// - Throws: ``RequirementFailed``.
  public func requireAtLeast(_ limit: Int, from begin: Duration, to end: Duration) throws {
    let count = count(from: begin, to: end)
    try require(
      count >= limit,
      "\(count) calls reached the callee between \(begin) and \(end), at least \(limit) must"
    )
  }
}

extension LoadReport {
  /// Requires that calls were not multiplied by more than a factor on their way to the callee.
  ///
  /// - Parameters:
  ///   - limit: Attempts per call.
  ///   - begin: Intervals that begin before it do not matter.
  ///   - end: Intervals that begin at or after it do not matter.
  /// - Throws: ``RequirementFailed``.
  public func requireAmplification(
    atMost limit: Double,
    from begin: Duration,
    to end: Duration
  ) throws {
    let amplification = total(from: begin, to: end).amplification ?? 0
    try require(
      amplification <= limit,
      "each call became \(amplification) attempts between \(begin) and \(end), "
        + "at most \(limit) may"
    )
  }

  /// Requires that at least a share of the calls succeeded.
  ///
  /// - Parameters:
  ///   - share: Successes per call that ended, in 0...1.
  ///   - begin: Intervals that begin before it do not matter.
  ///   - end: Intervals that begin at or after it do not matter.
  /// - Throws: ``RequirementFailed``.
  public func requireSuccess(
    atLeast share: Double,
    from begin: Duration,
    to end: Duration
  ) throws {
    let total = total(from: begin, to: end)
    let ended = total.succeeded + total.refused + total.failed
    let reached = ended > 0 ? Double(total.succeeded) / Double(ended) : 0
    try require(
      reached >= share,
      "a share of \(reached) of \(ended) calls succeeded between \(begin) and \(end), "
        + "at least \(share) must"
    )
  }
}

/// Thrown when a pipeline did not do what was required of it.
public struct RequirementFailed: Error, Hashable, CustomStringConvertible {
  /// What was required, and what was the case.
  public let description: String
}

private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  guard condition else { throw RequirementFailed(description: message()) }
}
