internal import Resilience

/// The retries of a service configuration as a policy: a ``Retry`` whose errors and pauses are
/// those of a ``RetryRule``, and that a ``RetryThrottle`` may stop.
struct ConfiguredRetry: Policy {
  private let rule: RetryRule?
  private let throttle: RetryThrottle?
  private let retry: Retry?

  /// Creates the policy; without a rule nothing is repeated, but the throttle still counts.
  init(_ rule: RetryRule?, _ name: String, _ parts: PlanParts) {
    self.rule = rule
    throttle = parts.throttle
    retry = rule.map { rule in
      var settings = RetrySettings()
      settings.attempts = rule.maxAttempts
      settings.classifier = Classifier {
        let isListed = ($0 as? JudgedFailure)?.isListed ?? false
        return isListed && !Task.isCancelled ? .failure : .ignored
      }
      settings.backoff = .custom { attempt, error in
        RetryPace.current?.pause(after: attempt, error, rule, parts.random) ?? .zero
      }
      if let throttle = parts.throttle { settings.stopsOn = { _ in !throttle.allowsExtraCalls } }
      return Retry(
        settings,
        name: name,
        timeline: parts.timeline,
        random: parts.random,
        observer: parts.observer
      )
    }
  }

  var mostCalls: Int { retry?.mostCalls ?? 1 }

  var stages: [PolicyStage] { retry?.stages ?? [] }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    do {
      guard let retry else { return try await counted(operation) }
      return try await RetryPace.$current.withValue(RetryPace()) {
        try await retry.run { try await counted(operation) }
      }
    } catch let failure as JudgedFailure {
      throw failure.error
    }
  }

  /// Runs an attempt, tells the throttle of it, and says of a failure whether it is to be repeated.
  private func counted<T>(_ operation: () async throws -> T) async throws -> T {
    do {
      let value = try await operation()
      throttle?.noteSuccess()
      return value
    } catch {
      guard let failure = ConfiguredFailure(error) else {
        throw JudgedFailure(error: error, isListed: false, retryAdvice: .forbidden)
      }
      let isListed = rule?.retryableCodes.contains(failure.code) ?? false
      if failure.counts(isListed: isListed) { throttle?.noteFailure() }
      throw JudgedFailure(
        error: error,
        isListed: isListed,
        retryAdvice: isListed ? failure.advice : .forbidden
      )
    }
  }
}

/// An error as the rule sees it.
///
/// It hides the advice of an error that is not listed: a ``Retry`` repeats what the callee has not
/// acted on, however it is classified, but here only what the owner of the service lists is repeated.
private struct JudgedFailure: CallError, CustomStringConvertible {
  let error: any Error
  /// Whether the rule says to repeat its code.
  let isListed: Bool
  let retryAdvice: RetryAdvice

  var verdict: Verdict { (error as? any CallError)?.verdict ?? .failure }

  var description: String { "\(error)" }
}

/// The pauses of one call: they begin anew after one that the server asked for.
private final class RetryPace: Sendable {
  @TaskLocal static var current: RetryPace?

  /// The attempt after which the server said when to come back.
  private let lastPushback = Guarded(0)

  func pause(
    after attempt: Int,
    _ error: (any Error)?,
    _ rule: RetryRule,
    _ random: RandomSource
  ) -> Duration {
    if (error as? JudgedFailure)?.retryAdvice.pause != nil {
      lastPushback.withLock { $0 = attempt }
      // The advice of the error says how long.
      return .zero
    }
    let retry = attempt - lastPushback.withLock { $0 }
    return rule.pause(before: retry, chance: random.unit())
  }
}
