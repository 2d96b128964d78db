internal import Resilience

/// Sees to it that a call ends when the deadline of its task has come, whatever the peer does.
///
/// The deadline is also sent, so that the server stops; but a server may be slow, or deaf. What comes
/// out is ``RPCCode/deadlineExceeded``, with `TimedOut` as the cause.
struct CallDeadline: Sendable {
  /// The time by which what is left is measured.
  let timeline: Timeline

  private let method: String
  private let timeout: Timeout

  /// - Parameters:
  ///   - method: The method that is called.
  ///   - timeline: The time by which what is left is measured.
  init(of method: RPCMethodName, on timeline: Timeline) {
    self.timeline = timeline
    self.method = "\(method)"
    // It has no limit of its own: the timeout takes what is left of the task's deadline.
    timeout = Timeout(
      .seconds(Int64.max),
      name: "the deadline of \(method)",
      timeline: timeline
    )
  }

  /// Runs an operation until the deadline at most.
  ///
  /// - Parameter operation: What to do. It runs on the caller's isolation.
  /// - Returns: What the operation returned.
  /// - Throws: ``RPCStatus`` at the deadline; what the operation threw.
  func run<Value>(_ operation: () async throws -> Value) async throws -> Value {
    guard Deadline.current != nil else { return try await operation() }
    do {
      return try await timeout.run(operation)
    } catch let error as TimedOut where error.policy == timeout.name {
      throw RPCStatus.transport(error, method: method)
    }
  }
}
