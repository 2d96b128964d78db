/// How an adaptive limiter behaves.
///
/// ```swift
/// var settings = AdaptiveLimiterSettings()
/// settings.rule = .guarded(in: 5...500)
/// settings.queue = QueueSettings(limit: 100, maxWait: .milliseconds(200))
/// settings.shares.sheddable = 0.5
/// let search = AdaptiveLimiter("search", settings)
/// ```
public struct AdaptiveLimiterSettings: Sendable {
  /// How the limit is found.
  public var rule: LimitRule = .guarded()

  /// How calls wait for a place.
  ///
  /// By default none does: a limit that is reached says that the callee is busy, and a queue for a
  /// busy callee only makes its callers wait longer. A short one is good for bursts.
  public var queue = QueueSettings()

  /// Which share of the places calls of each class of criticality may fill.
  public var shares = CriticalityShares()

  /// What a finished call says about the callee.
  ///
  /// A success is a sample; an ignored call gives its place back and is none; for a failure see
  /// ``overload``.
  public var classifier = Classifier.standard

  /// Whether a failure says that the callee has too much to do.
  ///
  /// Such a failure lowers the limit. Any other gives its place back and is no sample: it may be as
  /// quick as an error can be thrown, and is no measure of what a call takes.
  public var overload: @Sendable (any Error) -> Bool = Self.saysOverload

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try rule.validate()
    try queue.validate()
    try shares.validate()
  }

  /// What says overload by default: a ``TimedOut``, and a ``CallError`` that asks to come again
  /// later or says that the callee has not acted on the call, such as a status of 429 or 503.
  @Sendable
  public static func saysOverload(_ error: any Error) -> Bool {
    if error is TimedOut { return true }
    guard let advice = (error as? any CallError)?.retryAdvice else { return false }
    return advice.isUnprocessed || advice.pause != nil
  }
}
