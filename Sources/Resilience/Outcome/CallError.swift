/// An error that knows what it says about the callee and whether the call may be repeated.
///
/// The standard ``Classifier`` and ``Retry`` ask it. Adapters give it to the errors of their
/// protocol, so that a pipeline needs no configuration to understand a status of 503.
public protocol CallError: Error {
  /// What the error says about the callee. By default a failure.
  var verdict: Verdict { get }

  /// What the error says about repeating the call. By default that it may be.
  var retryAdvice: RetryAdvice { get }
}

extension CallError {
  /// A failure.
  public var verdict: Verdict { .failure }

  /// The call may be repeated.
  public var retryAdvice: RetryAdvice { .allowed }
}

/// What a failed call says about repeating it.
public enum RetryAdvice: Hashable, Sendable {
  /// It may be repeated if the call can bear being carried out twice.
  case allowed

  /// As ``allowed``, but not before the given time has passed since the failure.
  case allowedAfter(Duration)

  /// The callee has not acted on the call: it may be repeated whatever it does.
  case notProcessed

  /// As ``notProcessed``, but not before the given time has passed since the failure.
  case notProcessedAfter(Duration)

  /// It must not be repeated.
  case forbidden

  /// How long the callee wants to be left alone, if it says so.
  public var pause: Duration? {
    switch self {
    case .allowedAfter(let pause), .notProcessedAfter(let pause): pause
    case .allowed, .notProcessed, .forbidden: nil
    }
  }

  /// Whether the callee has not acted on the call.
  public var isUnprocessed: Bool {
    switch self {
    case .notProcessed, .notProcessedAfter: true
    case .allowed, .allowedAfter, .forbidden: false
    }
  }
}
