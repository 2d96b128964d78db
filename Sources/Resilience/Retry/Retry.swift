/// Repeats an operation that failed, after a pause.
///
/// ```swift
/// let retry = Retry(
///   attempts: 3,
///   backoff: .exponential(from: .milliseconds(50), upTo: .seconds(1))
/// )
/// let user = try await retry.run { try await service.user(id) }
/// ```
///
/// A call is repeated when its outcome is judged a failure. It is not repeated when the caller was
/// cancelled, when a policy further in refused to call, or when a ``CallError`` forbids it; a delay
/// that the error asks for is waited for at least. When there is no attempt left, or the outcome is
/// not to be repeated, the last attempt's own error or value comes out.
@frozen
public struct Retry: Policy {
  @usableFromInline let plan: RetryPlan
  @usableFromInline let judgesValues: Bool
  /// Whether a call's beginning has to be noted, for its budget or its total duration.
  @usableFromInline let notesCalls: Bool
  @usableFromInline let histories: Histories

  /// Creates a retry.
  ///
  /// - Parameters:
  ///   - settings: How it behaves. Must be valid.
  ///   - name: How the retry is called in events.
  ///   - timeline: The time by which pauses are measured.
  ///   - random: Where the jitter comes from.
  ///   - observer: Told of each pause.
  public init(
    _ settings: RetrySettings,
    name: String = "retry",
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    plan = RetryPlan(
      name: name,
      settings: settings,
      timeline: timeline,
      random: random,
      observer: observer
    )
    judgesValues = settings.classifier.judgesValues
    histories = .shared
    notesCalls = settings.budget != nil || settings.totalDuration != nil
  }

  /// Creates a retry from the settings that most need.
  ///
  /// - Parameters:
  ///   - attempts: How often to call at most, the first call included. At least 1; `Int.max` stands
  ///     for no limit.
  ///   - backoff: How long to pause before each further attempt.
  ///   - budget: Bounds the retries of a whole client.
  ///   - name: How the retry is called in events.
  ///   - classifier: Which outcomes are failures.
  ///   - timeline: The time by which pauses are measured.
  ///   - random: Where the jitter comes from.
  ///   - observer: Told of each pause.
  ///   - beforePause: Called before each pause, with what failed and how long the pause will be.
  ///     The pause begins when it returns. It cannot throw; it runs on the call's task.
  public init(
    attempts: Int = RetrySettings().attempts,
    backoff: Backoff = RetrySettings().backoff,
    budget: RetryBudget? = nil,
    name: String = "retry",
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil,
    beforePause: (@Sendable (RetryPause) async -> Void)? = nil
  ) {
    var settings = RetrySettings()
    settings.attempts = attempts
    settings.backoff = backoff
    settings.budget = budget
    settings.classifier = classifier
    settings.beforePause = beforePause
    self.init(settings, name: name, timeline: timeline, random: random, observer: observer)
  }

  /// The number of attempts.
  public var mostCalls: Int { plan.settings.attempts }

  /// The retry itself.
  public var stages: [PolicyStage] { [plan.stage] }

  /// Runs the operation until it does not fail, or may not be repeated.
  ///
  /// - Parameter operation: What to call, at least once.
  /// - Returns: What the last attempt returned.
  /// - Throws: What the last attempt threw; `CancellationError` if the task is cancelled during a
  ///   pause.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    var progress = RetryPlan.Progress(start: Moment(nanoseconds: 0))
    if notesCalls || histories.areKept { progress = RetryPlan.Progress(start: plan.begin()) }
    while true {
      let seen = progress
      do {
        let value = try await operation()
        guard judgesValues else { return value }
        let next = try await offPath { try await plan.pause(after: seen, value: value) }
        guard let next else { return value }
        progress = next
      } catch {
        progress = try await offPath { try await plan.pause(after: seen, error: error) }
      }
    }
  }
}
