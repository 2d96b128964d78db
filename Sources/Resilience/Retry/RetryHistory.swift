private import Synchronization

/// What the attempts of a call came to, for whoever catches its error.
///
/// The error itself comes out as the last attempt threw it. To know of the others, record them:
///
/// ```swift
/// let history = RetryHistory()
/// do {
///   return try await history.record { try await payments.run { try await gateway.charge(order) } }
/// } catch {
///   log.error("\(error) after \(history)")
///   throw error
/// }
/// ```
public final class RetryHistory: Sendable, CustomStringConvertible {
  /// One attempt that failed.
  public struct Attempt: Sendable, CustomStringConvertible {
    /// Number of the attempt; the first call is 1.
    public let number: Int

    /// When it began, to within a few milliseconds.
    public let start: Moment

    /// How long it took.
    public let duration: Duration

    /// The pause after it; `nil` when there was no further attempt.
    public let pause: Duration?

    /// What it threw; `nil` when its value was judged a failure.
    public let error: (any Error)?

    /// The attempt in a few words.
    public var description: String {
      let end = pause.map { ", then \($0)" } ?? ""
      return "#\(number) \(error.map { "\($0)" } ?? "value") in \(duration)\(end)"
    }
  }

  @TaskLocal static var current: RetryHistory?

  private struct State {
    var attempts: [Attempt] = []
    var forgotten = 0
  }

  private let limit: Int
  private let state = Guarded(State())

  /// Creates an empty history.
  ///
  /// - Parameter limit: How many attempts it holds; the oldest are forgotten first. At least 1.
  public init(limit: Int = 32) {
    precondition(limit >= 1, "need limit (\(limit)) >= 1")
    self.limit = limit
    Histories.shared.count.add(1, ordering: .relaxed)
  }

  deinit {
    Histories.shared.count.subtract(1, ordering: .relaxed)
  }

  /// The attempts that failed, oldest first, of all retries within the recorded operation.
  public var attempts: [Attempt] { state.withLock { $0.attempts } }

  /// How many attempts were forgotten because there was no room.
  public var forgotten: Int { state.withLock { $0.forgotten } }

  /// Runs an operation and records the failed attempts within it.
  ///
  /// - Parameter operation: What to record. It runs on the caller's isolation.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw.
  public func record<T>(_ operation: () async throws -> T) async rethrows -> T {
    try await RetryHistory.$current.withValue(self, operation: operation)
  }

  func append(_ attempt: Attempt) {
    state.withLock { state in
      if state.attempts.count == limit {
        state.attempts.removeFirst()
        state.forgotten += 1
      }
      state.attempts.append(attempt)
    }
  }

  /// All attempts on one line.
  public var description: String {
    let (attempts, forgotten) = state.withLock { ($0.attempts, $0.forgotten) }
    let list = attempts.map { "\($0)" }.joined(separator: "; ")
    return forgotten == 0 ? "[\(list)]" : "[… \(forgotten) more; \(list)]"
  }
}
