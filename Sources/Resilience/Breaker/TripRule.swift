/// When a closed circuit opens.
///
/// Rules combine with `||` and `&&`, and print themselves. The rule is asked after each failure and
/// each slow call: a success in time is never a reason to stop calling.
///
/// ```swift
/// let rule: TripRule = .consecutiveFailures(5)
///   || .failureRate(0.5, over: .seconds(10), minimumCalls: 20)
/// print(rule)  // 5 failures in a row, or 50 % of at least 20 calls in the last 10.0 seconds failed
/// ```
///
/// Settings are checked when a breaker takes the rule.
public struct TripRule: Sendable, CustomStringConvertible {
  let node: TripNode

  init(_ node: TripNode) {
    self.node = node
  }

  /// Trips at `n` failures with no success between them.
  ///
  /// - Parameter n: At least 1.
  /// - Returns: A rule that combines with others.
  public static func consecutiveFailures(_ n: Int) -> TripRule {
    TripRule(.consecutiveFailures(n))
  }

  /// Trips when the share of failures within a rolling duration reaches `rate`.
  ///
  /// - Parameters:
  ///   - rate: Share of failures that trips, in 0...1, reached when equal. At 0 any failure trips
  ///     once there were enough calls; at 1 all of them must have failed.
  ///   - duration: Length of the window. At least a nanosecond per bucket.
  ///   - minimumCalls: Calls that must be in the window before the rate means anything. At least 1.
  ///   - buckets: Parts in which the window moves, in 1...1000.
  /// - Returns: A rule that combines with others.
  public static func failureRate(
    _ rate: Double,
    over duration: Duration,
    minimumCalls: Int = 20,
    buckets: Int = 10
  ) -> TripRule {
    let window = CallWindow.rolling(duration, buckets: buckets)
    return TripRule(.rate(.failed, rate, window, minimumCalls: minimumCalls))
  }

  /// Trips when the share of failures among the last calls reaches `rate`.
  ///
  /// - Parameters:
  ///   - rate: Share of failures that trips, in 0...1, reached when equal.
  ///   - lastCalls: Number of calls in the window, in 1...1000000.
  ///   - minimumCalls: Calls that must have been made before the rate means anything, in
  ///     1...`lastCalls`; `nil` stands for a full window.
  /// - Returns: A rule that combines with others.
  public static func failureRate(
    _ rate: Double,
    lastCalls: Int,
    minimumCalls: Int? = nil
  ) -> TripRule {
    let window = CallWindow.lastCalls(lastCalls)
    return TripRule(.rate(.failed, rate, window, minimumCalls: minimumCalls ?? lastCalls))
  }

  /// Trips at `n` failures within a rolling duration, however many calls succeeded.
  ///
  /// - Parameters:
  ///   - n: At least 1.
  ///   - duration: Length of the window. At least a nanosecond per bucket.
  ///   - buckets: Parts in which the window moves, in 1...1000.
  /// - Returns: A rule that combines with others.
  public static func failures(_ n: Int, over duration: Duration, buckets: Int = 10) -> TripRule {
    TripRule(.failures(n, .rolling(duration, buckets: buckets)))
  }

  /// Trips at `n` failures among the last calls.
  ///
  /// - Parameters:
  ///   - n: In 1...`lastCalls`.
  ///   - lastCalls: Number of calls in the window, in 1...1000000.
  /// - Returns: A rule that combines with others.
  public static func failures(_ n: Int, lastCalls: Int) -> TripRule {
    TripRule(.failures(n, .lastCalls(lastCalls)))
  }

  /// Trips when the share of slow calls within a rolling duration reaches `rate`.
  ///
  /// What is slow is said by ``BreakerSettings/slowAfter``. Slow failures count as well as slow
  /// successes.
  ///
  /// - Parameters:
  ///   - rate: Share of slow calls that trips, in 0...1, reached when equal.
  ///   - duration: Length of the window. At least a nanosecond per bucket.
  ///   - minimumCalls: Calls that must be in the window before the rate means anything. At least 1.
  ///   - buckets: Parts in which the window moves, in 1...1000.
  /// - Returns: A rule that combines with others.
  public static func slowCallRate(
    _ rate: Double,
    over duration: Duration,
    minimumCalls: Int = 20,
    buckets: Int = 10
  ) -> TripRule {
    let window = CallWindow.rolling(duration, buckets: buckets)
    return TripRule(.rate(.slow, rate, window, minimumCalls: minimumCalls))
  }

  /// Trips when the share of slow calls among the last calls reaches `rate`.
  ///
  /// - Parameters:
  ///   - rate: Share of slow calls that trips, in 0...1, reached when equal.
  ///   - lastCalls: Number of calls in the window, in 1...1000000.
  ///   - minimumCalls: Calls that must have been made before the rate means anything, in
  ///     1...`lastCalls`; `nil` stands for a full window.
  /// - Returns: A rule that combines with others.
  public static func slowCallRate(
    _ rate: Double,
    lastCalls: Int,
    minimumCalls: Int? = nil
  ) -> TripRule {
    let window = CallWindow.lastCalls(lastCalls)
    return TripRule(.rate(.slow, rate, window, minimumCalls: minimumCalls ?? lastCalls))
  }

  /// Trips when the share of the breaker's children that are open reaches `share`.
  ///
  /// - Parameters:
  ///   - share: Share of open children that trips, in 0...1, reached when equal.
  ///   - atLeast: Open children there must be, so that one of one does not count as all. At least 1.
  /// - Returns: A rule that combines with others.
  public static func openChildren(_ share: Double, atLeast: Int = 2) -> TripRule {
    TripRule(.openChildren(share, atLeast: atLeast))
  }

  /// Trips when `condition` holds for what was counted.
  ///
  /// - Parameters:
  ///   - name: What the rule says of itself when printed.
  ///   - window: The calls that are counted for it.
  ///   - condition: Asked after each failure and each slow call, outside every lock, so it may call
  ///     anything. It must be quick: the call that failed waits for it.
  /// - Returns: A rule that combines with others.
  public static func custom(
    _ name: String,
    over window: CallWindow,
    when condition: @escaping @Sendable (TripReading) -> Bool
  ) -> TripRule {
    TripRule(.custom(name, window, condition))
  }

  /// Trips when either rule does.
  public static func || (lhs: TripRule, rhs: TripRule) -> TripRule {
    TripRule(.any(lhs.node, rhs.node))
  }

  /// Trips when both rules do at the same time.
  public static func && (lhs: TripRule, rhs: TripRule) -> TripRule {
    TripRule(.all(lhs.node, rhs.node))
  }

  /// The rule in words.
  public var description: String { node.description }
}

/// What a custom ``TripRule`` decides by.
public struct TripReading: Hashable, Sendable {
  /// Failures since the last success.
  public let consecutiveFailures: Int

  /// The calls in the rule's window, the one just ended included.
  public let window: CallTally

  /// Creates a reading, to test a rule's condition with.
  public init(consecutiveFailures: Int, window: CallTally) {
    self.consecutiveFailures = consecutiveFailures
    self.window = window
  }
}
