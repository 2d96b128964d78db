/// How a retry behaves.
public struct RetrySettings: Sendable {
  /// How often to call at most, the first call included; at least 1, `Int.max` for no limit.
  public var attempts = 3

  /// How long the whole may take; `nil` when there is no limit.
  ///
  /// No pause is made that could not be followed by an attempt in time. An attempt that began in
  /// time may end after it.
  public var totalDuration: Duration?

  /// How long to pause before each further attempt.
  public var backoff = Backoff.exponential(from: .milliseconds(100), upTo: .seconds(10))

  /// The longest delay asked for by an error that is waited for; a longer one ends the retries.
  ///
  /// A delay that an error asks for is a floor: the pause is never shorter, and jitter makes it up
  /// to a tenth longer.
  public var longestHint: Duration = .seconds(300)

  /// The longest time to wait for a policy further in that refused to call and said until when.
  ///
  /// `nil`, as by default: a refusal ends the retries. Else a refusal that ends within this time,
  /// the total duration and the deadline is waited for, exactly.
  public var longestRefusal: Duration?

  /// Which outcomes are failures.
  public var classifier = Classifier.standard

  /// Errors after which there is to be no further attempt, whatever the classifier says.
  public var stopsOn: (@Sendable (any Error) -> Bool)?

  /// Bounds the retries of a whole client; `nil` when nothing does.
  public var budget: RetryBudget?

  /// Called before each pause, on the call's task; the pause begins when it returns.
  public var beforePause: (@Sendable (RetryPause) async -> Void)?

  /// Called on the call's task when it has failed and there is no further attempt.
  public var gaveUp: (@Sendable (RetryEnd) async -> Void)?

  /// Called once with each value that was judged a failure and is not returned.
  ///
  /// It runs on the call's task, before the pause.
  public var onDiscard: (@Sendable (Any) -> Void)?

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try check("attempts", attempts, atLeast: 1)
    if let totalDuration { try check("total duration", totalDuration, atLeast: .zero) }
    try check("longest hint", longestHint, atLeast: .zero)
    if let longestRefusal { try check("longest refusal", longestRefusal, atLeast: .zero) }
  }
}

/// Why a retry made no further attempt.
public enum RetryEndReason: Hashable, Sendable {
  /// The attempts were used up.
  case attemptsExhausted

  /// The next attempt could not begin within the total duration or before the deadline.
  case outOfTime

  /// The budget had no token left.
  case budgetExhausted

  /// The outcome is not one to repeat: the error forbids it, asked for too long a delay, is a
  /// refusal, or is one that the settings stop on, or the call must not be carried out twice.
  case notRepeatable
}

/// How a retry ended that did not succeed.
public struct RetryEnd: Sendable {
  /// The name of the retry.
  public let policy: String

  /// How many attempts were made.
  public let attempts: Int

  /// Why there is no further one.
  public let reason: RetryEndReason

  /// What the last attempt threw; `nil` when its value was judged a failure.
  public let error: (any Error)?
}
