/// What a retry does between attempts: decide, tell, pause.
@usableFromInline
final class RetryPlan: Sendable {
  /// What is known of a call so far.
  @frozen
  @usableFromInline
  struct Progress: Sendable {
    /// Number of the attempt under way; the first call is 1.
    @usableFromInline var attempt = 1
    /// When the call began, and when the present attempt did.
    @usableFromInline var start: Moment
    @usableFromInline var attemptStart: Moment
    /// The pause before the present attempt, in nanoseconds; 0 before the first.
    @usableFromInline var previousPause: Int64 = 0

    @inlinable
    init(start: Moment) {
      self.start = start
      attemptStart = start
    }
  }

  private enum Decision {
    case pause(Duration)
    case end(RetryEndReason)
    /// The outcome is no failure, so this is not a matter of retrying.
    case notFailed
  }

  let name: String
  let settings: RetrySettings
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?

  init(
    name: String,
    settings: RetrySettings,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?
  ) {
    requireValid(settings.validate)
    self.name = name
    self.settings = settings
    self.timeline = timeline
    self.random = random
    self.observer = observer
  }

  /// Notes that a call begins.
  ///
  /// - Returns: When it does.
  @usableFromInline
  func begin() -> Moment {
    settings.budget?.noteCall()
    return timeline.coarseNow
  }

  /// Pauses after a failed attempt, or rethrows its error if there is to be no other.
  @usableFromInline
  func pause(after progress: Progress, error: any Error) async throws -> Progress {
    let decision = decide(progress, error)
    guard let next = try await carryOut(decision, progress, error: error) else { throw error }
    return next
  }

  /// Pauses after an attempt whose value is judged a failure.
  ///
  /// - Returns: How to go on, or `nil` when there is to be no other attempt.
  @usableFromInline
  func pause<T>(after progress: Progress, value: T) async throws -> Progress? {
    guard settings.classifier.judge(value: value) == .failure else { return nil }
    let decision = decide(progress, advice: .allowed, error: nil)
    if case .pause = decision { settings.onDiscard?(value) }
    return try await carryOut(decision, progress, error: nil)
  }

  private func decide(_ progress: Progress, _ error: any Error) -> Decision {
    let advice = (error as? any CallError)?.retryAdvice ?? .allowed
    let verdict = settings.classifier.judge(error)
    if let refusal = error as? any Rejection {
      return decide(progress, refusal)
    }
    // What the callee has not acted on may be tried again even if it says nothing about the callee.
    let isUnheard = advice.isUnprocessed && verdict == .ignored && !Task.isCancelled
    guard verdict == .failure || isUnheard else { return .notFailed }
    if settings.stopsOn?(error) == true { return .end(.notRepeatable) }
    return decide(progress, advice: advice, error: error)
  }

  /// A refusal is waited for if the settings say so, it says how long, and that fits.
  private func decide(_ progress: Progress, _ refusal: any Rejection) -> Decision {
    guard let longest = settings.longestRefusal, let wait = refusal.retryAfter, !Task.isCancelled
    else { return .notFailed }
    guard progress.attempt < settings.attempts else { return .end(.attemptsExhausted) }
    guard wait <= longest else { return .end(.notRepeatable) }
    return fits(wait, progress) ? .pause(max(.zero, wait)) : .end(.outOfTime)
  }

  private func decide(
    _ progress: Progress,
    advice: RetryAdvice,
    error: (any Error)?
  ) -> Decision {
    guard progress.attempt < settings.attempts else { return .end(.attemptsExhausted) }
    let mayRepeat = CallTraits.isRepeatable || advice.isUnprocessed
    guard mayRepeat, !CallTraits.isOneShot, advice != .forbidden else {
      return .end(.notRepeatable)
    }
    var pause = settings.backoff.pause(
      before: progress.attempt,
      previous: .nanoseconds(progress.previousPause),
      error: error,
      random: random
    )
    if let floor = advice.pause {
      guard floor <= settings.longestHint else { return .end(.notRepeatable) }
      pause = max(pause, floor)
      if settings.backoff.jitter != .none, floor > .zero {
        pause += (floor / 10).scaled(by: random.unit())
      }
    }
    guard fits(pause, progress) else { return .end(.outOfTime) }
    // Last, so that a token is taken only for an attempt that is made.
    guard settings.budget?.withdraw() ?? true else { return .end(.budgetExhausted) }
    return .pause(pause)
  }

  /// Whether an attempt after the pause would begin in time.
  private func fits(_ pause: Duration, _ progress: Progress) -> Bool {
    if let deadline = Deadline.current, deadline.remaining <= pause { return false }
    guard let total = settings.totalDuration else { return true }
    let end = progress.start.advanced(by: total)
    return timeline.now.advanced(by: pause) < end
  }

  private func carryOut(
    _ decision: Decision,
    _ progress: Progress,
    error: (any Error)?
  ) async throws -> Progress? {
    switch decision {
    case .notFailed:
      return nil
    case .end(let reason):
      note(progress, pause: nil, error: error)
      if let gaveUp = settings.gaveUp {
        await gaveUp(
          RetryEnd(policy: name, attempts: progress.attempt, reason: reason, error: error)
        )
      }
      return nil
    case .pause(let duration):
      note(progress, pause: duration, error: error)
      report(.retrying(attempt: progress.attempt, after: duration, error: error))
      await settings.beforePause?(
        RetryPause(policy: name, attempt: progress.attempt, duration: duration, error: error)
      )
      try await timeline.sleep(for: duration)
      try Task.checkCancellation()
      var next = progress
      // Without a limit the count ends where it can go no further.
      next.attempt = progress.attempt == .max ? .max : progress.attempt + 1
      next.attemptStart = timeline.coarseNow
      next.previousPause = duration.clampedNanoseconds
      return next
    }
  }

  private func note(_ progress: Progress, pause: Duration?, error: (any Error)?) {
    guard let history = RetryHistory.current else { return }
    history.append(
      RetryHistory.Attempt(
        number: progress.attempt,
        start: progress.attemptStart,
        duration: max(.zero, progress.attemptStart.duration(to: timeline.now)),
        pause: pause,
        error: error
      )
    )
  }

  private func report(_ kind: @autoclosure () -> Event.Kind) {
    observer?.observe(Event(policy: name, at: timeline.now, kind: kind()))
  }
}

extension RetryPlan {
  /// How the retry is set.
  var stage: PolicyStage {
    PolicyStage(
      .retry,
      name: name,
      settings: [
        "attempts": settings.attempts == .max ? "unlimited" : "\(settings.attempts)",
        "backoff": "\(settings.backoff)",
        "totalDuration": settings.totalDuration.map { "\($0)" } ?? "none",
        "budget": settings.budget.map { "\($0)" } ?? "none",
      ],
      mostCalls: settings.attempts,
      hasBudget: settings.budget != nil,
      waitsForRefusals: settings.longestRefusal != nil
    )
  }
}
