/// Decides what a finished call says about its callee.
///
/// ``standard`` suits most calls; a classifier of your own decides by error, by value, or both:
///
/// ```swift
/// let judge = Classifier { error in error is NotFound ? .success : Classifier.standard.judge(error) }
///   .values(of: Reply.self) { $0.isDegraded ? .failure : .success }
/// ```
///
/// A classifier cannot throw, and runs outside every lock, so it may call any policy.
public struct Classifier: Sendable {
  private let errors: @Sendable (any Error) -> Verdict
  private let values: (any ValueJudge)?

  /// Whether values are judged at all; when they are not, every value is a success.
  @usableFromInline let judgesValues: Bool

  /// Whether it is ``standard``.
  private(set) var isStandard = false

  /// Creates a classifier of errors; every value is a success.
  ///
  /// - Parameter errors: The verdict on an error.
  public init(_ errors: @escaping @Sendable (any Error) -> Verdict) {
    self.init(errors: errors, values: nil)
  }

  private init(errors: @escaping @Sendable (any Error) -> Verdict, values: (any ValueJudge)?) {
    self.errors = errors
    self.values = values
    judgesValues = values != nil
  }

  /// The verdicts that suit most calls.
  ///
  /// The caller's cancellation is ignored: a `CancellationError`, and any error while the calling
  /// task is cancelled. A ``CallError`` says its verdict itself; rejections by inner policies are
  /// ignored that way. Every other error is a failure, and every value a success.
  public static let standard: Classifier = {
    var classifier = Classifier { error in
      if error is CancellationError || Task.isCancelled { return .ignored }
      return (error as? any CallError)?.verdict ?? .failure
    }
    classifier.isStandard = true
    return classifier
  }()

  /// This classifier, which also judges values of the given type; others remain successes.
  ///
  /// - Parameters:
  ///   - type: The type of the values to judge.
  ///   - judge: The verdict on a value.
  /// - Returns: A classifier that asks `judge` first, and this one about everything else.
  public func values<V>(
    of type: V.Type,
    _ judge: @escaping @Sendable (V) -> Verdict
  ) -> Classifier {
    Classifier(errors: errors, values: Judge(verdict: judge, next: values))
  }

  /// The verdict on an error.
  public func judge(_ error: any Error) -> Verdict { errors(error) }

  /// The verdict on a value.
  public func judge<T>(value: T) -> Verdict { values?.judge(value) ?? .success }
}

/// Judges values of one type, and asks the next about others.
private protocol ValueJudge: Sendable {
  func judge<T>(_ value: T) -> Verdict
}

private struct Judge<V>: ValueJudge {
  let verdict: @Sendable (V) -> Verdict
  let next: (any ValueJudge)?

  func judge<T>(_ value: T) -> Verdict {
    if let value = value as? V { return verdict(value) }
    return next?.judge(value) ?? .success
  }
}
