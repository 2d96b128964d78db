import Resilience
import Synchronization

/// The innermost policy of every client: counts what is really sent.
final class AttemptMeter: Policy {
  private let sent = Atomic<Int>(0)

  /// Attempts since the start.
  var count: Int { sent.load(ordering: .relaxed) }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    sent.add(1, ordering: .relaxed)
    CallAttempts.current?.add()
    return try await operation()
  }
}

/// The attempts of the call that runs in the present task.
final class CallAttempts: Sendable {
  @TaskLocal static var current: CallAttempts?

  private let attempts = Atomic<Int>(0)

  var count: Int { attempts.load(ordering: .relaxed) }

  func add() {
    attempts.add(1, ordering: .relaxed)
  }
}
