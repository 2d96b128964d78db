/// When a closed circuit opens.
///
/// Rules combine with `||` and `&&`, and print themselves. The rule is asked after each failure:
/// a success is never a reason to stop calling.
///
/// ```swift
/// let rule: TripRule = .consecutiveFailures(5)
///   || .failureRate(0.5, over: .seconds(10), minimumCalls: 20)
/// print(rule)  // 5 failures in a row, or 50 % of at least 20 calls in the last 10.0 seconds failed
/// ```
public struct TripRule: Sendable, CustomStringConvertible {
  indirect enum Node: Sendable {
    case consecutiveFailures(Int)
    case failureRate(Double, CallWindow, minimumCalls: Int)
    case custom(String, CallWindow, @Sendable (TripReading) -> Bool)
    case any(Node, Node)
    case all(Node, Node)
  }

  let node: Node

  /// Trips at `n` failures with no success between them.
  ///
  /// - Parameter n: At least 1.
  /// - Returns: A rule that combines with others.
  public static func consecutiveFailures(_ n: Int) -> TripRule {
    precondition(n >= 1, "need consecutive failures (\(n)) >= 1")
    return TripRule(node: .consecutiveFailures(n))
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
    failureRate(rate, .rolling(duration, buckets: buckets), minimumCalls: minimumCalls)
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
    let minimum = minimumCalls ?? lastCalls
    precondition(
      minimum <= lastCalls,
      "need minimum calls (\(minimum)) <= last calls (\(lastCalls)), else the rule never trips"
    )
    return failureRate(rate, .lastCalls(lastCalls), minimumCalls: minimum)
  }

  private static func failureRate(
    _ rate: Double,
    _ window: CallWindow,
    minimumCalls: Int
  ) -> TripRule {
    precondition((0...1).contains(rate), "need 0 <= failure rate (\(rate)) <= 1")
    precondition(minimumCalls >= 1, "need minimum calls (\(minimumCalls)) >= 1")
    return TripRule(node: .failureRate(rate, window.checked(), minimumCalls: minimumCalls))
  }

  /// Trips when `condition` holds for what was counted.
  ///
  /// - Parameters:
  ///   - name: What the rule says of itself when printed.
  ///   - window: The calls that are counted for it.
  ///   - condition: Asked after each failure, outside every lock, so it may call anything. It must
  ///     be quick: the call that failed waits for it.
  /// - Returns: A rule that combines with others.
  public static func custom(
    _ name: String,
    over window: CallWindow,
    when condition: @escaping @Sendable (TripReading) -> Bool
  ) -> TripRule {
    TripRule(node: .custom(name, window.checked(), condition))
  }

  /// Trips when either rule does.
  public static func || (lhs: TripRule, rhs: TripRule) -> TripRule {
    TripRule(node: .any(lhs.node, rhs.node))
  }

  /// Trips when both rules do at the same time.
  public static func && (lhs: TripRule, rhs: TripRule) -> TripRule {
    TripRule(node: .all(lhs.node, rhs.node))
  }

  /// The rule in words.
  public var description: String { node.description }
}

/// What a custom ``TripRule`` decides by.
public struct TripReading: Hashable, Sendable {
  /// Failures since the last success.
  public let consecutiveFailures: Int

  /// The calls in the rule's window, the failure just seen included.
  public let window: CallTally

  /// Creates a reading, to test a rule's condition with.
  public init(consecutiveFailures: Int, window: CallTally) {
    self.consecutiveFailures = consecutiveFailures
    self.window = window
  }
}

extension TripRule.Node: CustomStringConvertible {
  var description: String {
    switch self {
    case .consecutiveFailures(let n): "\(n) failures in a row"
    case .failureRate(let rate, let window, let minimum):
      "\(Percent(rate)) of at least \(minimum) calls in \(window) failed"
    case .custom(let name, let window, _): "\(name) in \(window)"
    case .any(let lhs, let rhs): "\(lhs), or \(rhs)"
    case .all(let lhs, let rhs): "(\(lhs)) and (\(rhs))"
    }
  }

  /// The windows the rule needs, each once.
  var windows: [CallWindow] {
    switch self {
    case .consecutiveFailures: []
    case .failureRate(_, let window, _), .custom(_, let window, _): [window]
    case .any(let lhs, let rhs), .all(let lhs, let rhs):
      lhs.windows + rhs.windows.filter { !lhs.windows.contains($0) }
    }
  }

  /// Whether the rule calls code of the user.
  var isCustom: Bool {
    switch self {
    case .consecutiveFailures, .failureRate: false
    case .custom: true
    case .any(let lhs, let rhs), .all(let lhs, let rhs): lhs.isCustom || rhs.isCustom
    }
  }

  /// Whether the rule trips on what was counted.
  func isMet(consecutiveFailures: Int, tally: (CallWindow) -> CallTally) -> Bool {
    switch self {
    case .consecutiveFailures(let n):
      return consecutiveFailures >= n
    case .failureRate(let rate, let window, let minimum):
      let tally = tally(window)
      return tally.calls >= minimum && tally.failureRate >= rate
    case .custom(_, let window, let condition):
      return condition(
        TripReading(consecutiveFailures: consecutiveFailures, window: tally(window))
      )
    case .any(let lhs, let rhs):
      return lhs.isMet(consecutiveFailures: consecutiveFailures, tally: tally)
        || rhs.isMet(consecutiveFailures: consecutiveFailures, tally: tally)
    case .all(let lhs, let rhs):
      return lhs.isMet(consecutiveFailures: consecutiveFailures, tally: tally)
        && rhs.isMet(consecutiveFailures: consecutiveFailures, tally: tally)
    }
  }
}

/// A share of 0...1 in per cent, without needless digits.
struct Percent: CustomStringConvertible {
  private let share: Double

  init(_ share: Double) {
    self.share = share
  }

  var description: String {
    let tenths = (share * 1_000).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
  }
}
