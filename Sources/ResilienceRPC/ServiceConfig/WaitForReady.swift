internal import Resilience

/// Repeats a call that could not reach the service, until it can or the deadline has come.
///
/// Only what the service has not seen is repeated, and what a policy further in refused because of
/// that. Without a deadline the wait ends after a minute.
struct WaitForReady: Policy {
  private static let longestWait = Duration.seconds(60)

  private let retry: Retry
  private let boundedRetry: Retry

  init(_ name: String, _ parts: PlanParts) {
    var settings = RetrySettings()
    settings.attempts = .max
    settings.backoff = .exponential(from: .milliseconds(50), upTo: .seconds(2))
    settings.longestRefusal = Self.longestWait
    settings.classifier = Classifier { error in
      (error as? any CallError)?.retryAdvice.isUnprocessed == true ? .failure : .ignored
    }
    func make() -> Retry {
      Retry(
        settings,
        name: "\(name), waiting for ready",
        timeline: parts.timeline,
        random: parts.random,
        observer: parts.observer
      )
    }
    retry = make()
    settings.totalDuration = Self.longestWait
    boundedRetry = make()
  }

  var mostCalls: Int { .max }

  var stages: [PolicyStage] { boundedRetry.stages }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    let retry = Deadline.current == nil ? boundedRetry : retry
    return try await retry.run(operation)
  }
}
