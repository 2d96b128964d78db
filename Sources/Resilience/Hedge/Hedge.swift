private import Synchronization

/// Makes a call a second time when the first takes too long, and uses whichever answers first.
///
/// ```swift
/// let hedge = Hedge(after: .quantile(0.95, atLeast: .milliseconds(5), upTo: .milliseconds(200)))
/// let user = try await hedge.run { attempt in try await replicas[attempt].user(id) }
/// ```
///
/// The first accepted outcome is returned at once; the other attempts are cancelled, and what they
/// still return is handed to `onDiscard`, once each. When all attempts fail, the first attempt's
/// outcome comes out. A call that cannot bear being carried out twice is made once.
///
/// The attempts run in tasks of their own, at the same time, so the operation has to be `@Sendable`.
/// A loser that ignores its cancellation runs on unseen: see ``running``. The first begins on the
/// caller's thread. One that the delay starts is made by the timer, so it inherits no task-local value of
/// the caller, the ``Deadline`` included.
///
/// ## Source
/// Dean, J. & Barroso, L. A. (2013). [The tail at scale](https://doi.org/10.1145/2408776.2408794),
/// section “Hedged requests”.
public final class Hedge: Sendable {
  /// The name of the hedge, as it appears in events.
  public let name: String

  let delay: HedgeDelay
  let timeline: Timeline
  private let attempts: Int
  private let budget: RetryBudget?
  private let classifier: Classifier
  @usableFromInline let judgesValues: Bool
  private let isEligible: @Sendable () -> Bool
  private let observer: (any Observer)?
  private let onDiscard: (@Sendable (Any) -> Void)?
  private let latencies = Guarded(LatencyWindow())
  private let runningCount = Atomic<Int>(0)

  /// Creates a hedge.
  ///
  /// - Parameters:
  ///   - delay: When another attempt is made.
  ///   - attempts: How many attempts are made at most, the first included. In 1...100.
  ///   - budget: Bounds the extra calls of a whole client; shared with its retries.
  ///   - isEligible: Whether this call may be made more than once; asked at each call, on its task.
  ///   - name: How the hedge is called in events.
  ///   - classifier: Which outcomes are not accepted: those it judges failures.
  ///   - timeline: The time by which the delay is measured.
  ///   - observer: Told of each extra attempt.
  ///   - onDiscard: Called once with each value that is not returned.
  public init(
    after delay: HedgeDelay,
    attempts: Int = 2,
    budget: RetryBudget? = nil,
    when isEligible: @escaping @Sendable () -> Bool = { true },
    name: String = "hedge",
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    observer: (any Observer)? = nil,
    onDiscard: (@Sendable (Any) -> Void)? = nil
  ) {
    requireValid { () throws(InvalidSetting) in
      try check("attempts", attempts, in: 1...100)
      try delay.validate()
    }
    self.delay = delay
    self.attempts = attempts
    self.budget = budget
    self.isEligible = isEligible
    self.name = name
    self.classifier = classifier
    judgesValues = classifier.judgesValues
    self.timeline = timeline
    self.observer = observer
    self.onDiscard = onDiscard
  }

  /// How many attempts run now, losers that have not ended included.
  public var running: Int { runningCount.load(ordering: .relaxed) }

  /// Makes the call, and again in addition if it takes too long.
  ///
  /// - Parameter operation: What to call, given the number of the attempt; the first is 1.
  /// - Returns: What the first accepted attempt returned.
  /// - Throws: What the first attempt threw, if all failed; `CancellationError` at once if the
  ///   caller is cancelled.
  @inlinable
  public func run<T: Sendable>(
    _ operation: @escaping @Sendable (_ attempt: Int) async throws -> T
  ) async throws -> T {
    // Everything that depends on the type of the value is here, where the caller's compiler sees it.
    let outcomes = HedgeOutcomes<T>()
    let calls = HedgeCalls(
      attempt: { [self] number in
        do {
          let value = try await operation(number)
          outcomes.keep(.success(value), of: number)
          return !judgesValues || accepts(value)
        } catch {
          outcomes.keep(.failure(error), of: number)
          return false
        }
      },
      discard: { [self] number in
        if case .success(let value) = outcomes.take(number) { discard(value) }
      }
    )
    let winner = try await winner(of: calls)
    guard let outcome = outcomes.take(winner) else { throw CancellationError() }
    return try outcome.get()
  }

  /// Makes a call.
  ///
  /// - Returns: The attempt whose outcome comes out.
  /// - Throws: `CancellationError` if the caller is cancelled.
  @usableFromInline
  func winner(of calls: HedgeCalls) async throws -> Int {
    try Task.checkCancellation()
    budget?.noteCall()
    let limit = CallTraits.isRepeatable && isEligible() ? attempts : 1
    guard let winner = await HedgeRun(self, attempts: limit, calls).winner() else {
      throw CancellationError()
    }
    return winner
  }

  /// How long to wait for the next attempt; `nil` when only a failure starts one.
  var currentDelay: Duration? {
    switch delay {
    case .fixed(let delay): delay
    case .onFailure: nil
    case .quantile(let share, let lowest, let highest):
      min(highest, max(lowest, latencies.withLock { $0.quantile(share) } ?? highest))
    }
  }

  @usableFromInline
  func accepts<T>(_ value: T) -> Bool { classifier.judge(value: value) != .failure }

  /// Whether an extra attempt may be made; tells of it if so.
  func mayAdd(_ attempt: Int) -> Bool {
    guard budget?.withdraw() ?? true else { return false }
    observer?.observe(Event(policy: name, at: timeline.now, kind: .hedged(attempt: attempt)))
    return true
  }

  func noteStart() { runningCount.add(1, ordering: .relaxed) }

  func noteEnd() { runningCount.subtract(1, ordering: .relaxed) }

  /// Notes how long an accepted attempt took, if the delay depends on it.
  func noteLatency(since start: Moment) {
    guard case .quantile = delay else { return }
    let latency = start.duration(to: timeline.now)
    latencies.withLock { $0.record(latency) }
  }

  @usableFromInline
  func discard<T>(_ value: T) { onDiscard?(value) }
}

extension Hedge: PolicyLayer {
  /// The hedge itself.
  public var stages: [PolicyStage] {
    [
      PolicyStage(
        .hedge,
        name: name,
        settings: [
          "after": "\(delay)",
          "attempts": "\(attempts)",
          "budget": budget.map { "\($0)" } ?? "none",
        ],
        mostCalls: attempts,
        hasBudget: budget != nil
      )
    ]
  }
}
