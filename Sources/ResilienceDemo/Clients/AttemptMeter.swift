import Resilience
import Synchronization

/// The innermost policy of every client: counts what is really sent, and what is sent too early.
final class AttemptMeter: Policy {
  private let timeline: Timeline
  private let sent = Atomic<Int>(0)
  private let repeated = Atomic<Int>(0)
  private let hints = Guarded(RetryAfterCounts())

  init(timeline: Timeline = .system) {
    self.timeline = timeline
  }

  /// Attempts since the start.
  var count: Int { sent.load(ordering: .relaxed) }

  /// Those of them that were not the first of their call.
  var retries: Int { repeated.load(ordering: .relaxed) }

  /// What became of the service's wishes to be left alone.
  var retryAfter: RetryAfterCounts { hints.withLock { $0 } }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    sent.add(1, ordering: .relaxed)
    let attempts = CallAttempts.current
    if let wait = attempts?.begin(at: timeline.now) { hints.withLock { $0.add(wait) } }
    if let attempts, attempts.count > 1 { repeated.add(1, ordering: .relaxed) }
    do {
      return try await operation()
    } catch {
      if let pause = (error as? any CallError)?.retryAdvice.pause {
        hints.withLock { $0.asked += 1 }
        attempts?.stayAway(until: timeline.now.advanced(by: pause))
      }
      throw error
    }
  }
}

/// How often the service said when to come back, and what the calls that it told made of it.
struct RetryAfterCounts: Codable, Equatable, Sendable {
  /// Answers with `Retry-After`.
  var asked = 0

  /// Further attempts of such calls that waited for as long.
  var honoured = 0

  /// Further attempts of such calls that came too early.
  var early = 0

  mutating func add(_ wait: CallAttempts.Wait) {
    switch wait {
    case .honoured: honoured += 1
    case .early: early += 1
    }
  }
}

/// The attempts of the call that runs in the present task.
final class CallAttempts: Sendable {
  /// Whether an attempt came when the service wanted it.
  enum Wait {
    case honoured, early
  }

  private struct State {
    var count = 0
    var notBefore: Moment?
  }

  @TaskLocal static var current: CallAttempts?

  private let state = Guarded(State())

  var count: Int { state.withLock { $0.count } }

  /// Counts an attempt.
  ///
  /// - Returns: `nil` if the last one was not told when to come back.
  func begin(at now: Moment) -> Wait? {
    state.withLock { state in
      state.count += 1
      defer { state.notBefore = nil }
      return state.notBefore.map { now < $0 ? .early : .honoured }
    }
  }

  func stayAway(until moment: Moment) {
    state.withLock { $0.notBefore = moment }
  }
}
