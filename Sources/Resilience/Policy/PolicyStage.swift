/// A policy as ``PolicyLayer/stages`` shows it: what it is, how it is called, how it is set.
public struct PolicyStage: Hashable, Sendable {
  /// What sort of policy it is.
  public enum Kind: String, Hashable, Sendable, CustomStringConvertible {
    /// A ``CircuitBreaker``.
    case breaker = "circuit breaker"
    /// A ``Retry``.
    case retry
    /// A ``Timeout`` or an ``AbandoningTimeout``.
    case timeout
    /// A ``Bulkhead``.
    case bulkhead
    /// A ``RateLimiter``.
    case rateLimiter = "rate limiter"
    /// An ``AdaptiveLimiter``.
    case adaptiveLimiter = "adaptive limiter"
    /// An ``AdaptiveThrottle``.
    case throttle = "adaptive throttle"
    /// A ``Hedge``.
    case hedge
    /// A ``Fallback`` or a ``LastGood``.
    case fallback
    /// A ``Coalescer``.
    case coalescer
    /// Any other policy.
    case other = "policy"

    /// The word for it.
    public var description: String { rawValue }
  }

  /// A setting: its name as it is in code, and its value in words.
  public struct Setting: Hashable, Sendable {
    /// The name.
    public let name: String

    /// The value.
    public let value: String
  }

  /// What sort of policy it is.
  public let kind: Kind

  /// How it is called in refusals and events; empty for a policy without a name.
  public let name: String

  /// Its settings, in the order in which their documentation lists them.
  public let settings: [Setting]

  /// The most calls that one call can become under this policy alone; `Int.max` for no limit.
  public let mostCalls: Int

  /// The longest that a call may take under it; `nil` where that is not limited, or not known.
  public let timeLimit: Duration?

  /// The longest that a call may wait for its turn; `nil` where none waits.
  public let waitLimit: Duration?

  /// Whether what it makes of one call is bounded for a whole client by a ``RetryBudget``.
  public let hasBudget: Bool

  /// Whether it repeats calls that a policy further in refused, once that one says they may come.
  public let waitsForRefusals: Bool

  /// Creates the description of a policy.
  ///
  /// - Parameters:
  ///   - kind: What sort of policy it is.
  ///   - name: How it is called.
  ///   - settings: Names and values, in order.
  ///   - mostCalls: The most calls that one can become. At least 1.
  ///   - timeLimit: The longest that a call may take under it.
  ///   - waitLimit: The longest that a call may wait for its turn.
  ///   - hasBudget: Whether a budget bounds the calls it adds.
  ///   - waitsForRefusals: Whether it repeats calls that were refused further in.
  public init(
    _ kind: Kind,
    name: String,
    settings: KeyValuePairs<String, String> = [:],
    mostCalls: Int = 1,
    timeLimit: Duration? = nil,
    waitLimit: Duration? = nil,
    hasBudget: Bool = false,
    waitsForRefusals: Bool = false
  ) {
    precondition(mostCalls >= 1, "need mostCalls (\(mostCalls)) >= 1")
    self.kind = kind
    self.name = name
    self.settings = settings.map { Setting(name: $0.key, value: $0.value) }
    self.mostCalls = mostCalls
    self.timeLimit = timeLimit
    self.waitLimit = waitLimit
    self.hasBudget = hasBudget
    self.waitsForRefusals = waitsForRefusals
  }
}

extension PolicyStage: CustomStringConvertible {
  /// The policy on one line, such as `retry “payments”: attempts 3, budget none`.
  public var description: String {
    let title = name.isEmpty || name == kind.rawValue ? "\(kind)" : "\(kind) “\(name)”"
    guard !settings.isEmpty else { return title }
    return "\(title): " + settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }
}
