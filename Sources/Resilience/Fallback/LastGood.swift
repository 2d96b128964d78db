/// Answers with the last good value, for a while, when an operation fails.
///
/// ```swift
/// let rates = LastGood<Rates>(for: .seconds(600))
/// let today = try await rates.run { try await bank.rates() }
/// ```
///
/// One instance holds one value, so it stands for one thing that is asked for again and again. The
/// value is kept for a bounded time after the operation returned it; after that, and before there
/// was any, the operation's error comes out. The caller's cancellation is never answered.
public final class LastGood<Value: Sendable>: Sendable {
  /// The name, as it appears in events.
  public let name: String

  private let lifetime: Duration
  private let timeline: Timeline
  private let observer: (any Observer)?
  private let last = Guarded<(value: Value, from: Moment)?>(nil)

  /// Creates one that holds nothing.
  ///
  /// - Parameters:
  ///   - lifetime: How long a value is good for. Zero and less mean not at all.
  ///   - name: How it is called in events.
  ///   - timeline: The time by which the lifetime is measured.
  ///   - observer: Told of each degraded answer.
  public init(
    for lifetime: Duration,
    name: String = "last good value",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    self.lifetime = lifetime
    self.name = name
    self.timeline = timeline
    self.observer = observer
  }

  /// Runs the operation, and answers with its last good value if it fails.
  ///
  /// - Parameter operation: What to call, once. It runs on the caller's isolation.
  /// - Returns: What the operation returned now, or last.
  /// - Throws: What the operation threw, if there is no value that is still good.
  public func run(_ operation: () async throws -> Value) async throws -> Value {
    try await result(of: operation).value
  }

  /// Runs the operation, and says whether the answer is of this time.
  ///
  /// - Parameter operation: What to call, once. It runs on the caller's isolation.
  /// - Returns: The value, and why it is an old one if it is.
  /// - Throws: As ``run(_:)``.
  public func result(
    of operation: () async throws -> Value
  ) async throws -> Fallback<Value>.Answer {
    let fallback = Fallback<Value>(name: name, timeline: timeline, observer: observer) { error in
      guard let value = self.current else { throw error }
      return value
    }
    let answer = try await fallback.result(of: operation)
    if !answer.isDegraded { keep(answer.value) }
    return answer
  }

  /// The last good value, while it is good.
  public var current: Value? {
    let now = timeline.now
    return last.withLock { last in
      guard let entry = last, now < entry.from.advanced(by: lifetime) else {
        last = nil
        return nil
      }
      return entry.value
    }
  }

  private func keep(_ value: Value) {
    let now = timeline.now
    last.withLock { last in
      // A slower call that began earlier does not make the clock go back.
      if let entry = last, entry.from > now { return }
      last = (value, now)
    }
  }
}

extension LastGood: PolicyLayer {
  /// The one itself.
  public var stages: [PolicyStage] {
    [PolicyStage(.fallback, name: name, settings: ["for": "\(lifetime)"])]
  }
}
