/// What a retry does between attempts: decide, tell, pause.
@usableFromInline
final class RetryPlan: Sendable {
  let name: String
  let attempts: Int
  let backoff: Backoff
  let classifier: Classifier
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?
  let beforePause: (@Sendable (RetryPause) async -> Void)?

  init(
    name: String,
    attempts: Int,
    backoff: Backoff,
    classifier: Classifier,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?,
    beforePause: (@Sendable (RetryPause) async -> Void)?
  ) {
    precondition(attempts >= 1, "need attempts (\(attempts)) >= 1, the first call included")
    self.name = name
    self.attempts = attempts
    self.backoff = backoff
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.observer = observer
    self.beforePause = beforePause
  }

  /// Pauses after a failed attempt, or rethrows its error if there is to be no other.
  @usableFromInline
  func pause(after attempt: Int, error: any Error) async throws {
    guard classifier.judge(error) == .failure,
      let pause = duration(after: attempt, advice: (error as? any CallError)?.retryAdvice)
    else { throw error }
    try await take(RetryPause(policy: name, attempt: attempt, duration: pause, error: error))
  }

  /// Pauses after an attempt whose value is judged a failure.
  ///
  /// - Returns: Whether there is to be another attempt.
  @usableFromInline
  func pause<T>(after attempt: Int, value: T) async throws -> Bool {
    guard classifier.judge(value: value) == .failure,
      let pause = duration(after: attempt, advice: nil)
    else { return false }
    try await take(RetryPause(policy: name, attempt: attempt, duration: pause, error: nil))
    return true
  }

  /// The pause after an attempt, or `nil` if there is to be no other.
  private func duration(after attempt: Int, advice: RetryAdvice?) -> Duration? {
    guard attempt < attempts else { return nil }
    let pause = backoff.pause(before: attempt, random: random)
    switch advice {
    case .forbidden: return nil
    case .notProcessed: return pause
    case .allowedAfter(let floor): return CallTraits.isRepeatable ? max(floor, pause) : nil
    case .allowed, nil: return CallTraits.isRepeatable ? pause : nil
    }
  }

  private func take(_ pause: RetryPause) async throws {
    observer?.observe(
      Event(
        policy: name,
        at: timeline.now,
        kind: .retrying(attempt: pause.attempt, after: pause.duration, error: pause.error)
      )
    )
    await beforePause?(pause)
    try await timeline.sleep(for: pause.duration)
    try Task.checkCancellation()
  }
}
