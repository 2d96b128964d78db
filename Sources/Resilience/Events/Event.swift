/// Something that a policy did, as a value.
public struct Event: Sendable, CustomStringConvertible {
  /// What happened.
  public enum Kind: Sendable {
    /// The call was let through.
    case admitted

    /// The call was refused, and the operation did not run.
    case refused(any Rejection)

    /// The call ended with this verdict, and it was counted.
    case settled(Verdict)

    /// The call ended with this verdict after the policy had moved on, and moved nothing.
    case stale(Verdict)

    /// A circuit breaker changed its state.
    case transition(BreakerTransition)

    /// The attempt failed, with this error or with a value; the next follows after the pause.
    case retrying(attempt: Int, after: Duration, error: (any Error)?)

    /// The operation was cancelled because it took longer than the limit.
    case timedOut(limit: Duration)

    /// The call waits for a place.
    case queued
  }

  /// The name of the policy.
  public let policy: String

  /// When it happened, on the timeline of the policy.
  public let at: Moment

  /// What happened.
  public let kind: Kind

  /// The event on one line.
  public var description: String {
    "\(at.sinceOrigin) \(policy): \(kind)"
  }
}

extension Event.Kind: CustomStringConvertible {
  /// What happened, in words.
  public var description: String {
    switch self {
    case .admitted: "admitted"
    case .refused(let rejection): "refused: \(rejection)"
    case .settled(let verdict): "\(verdict)"
    case .stale(let verdict): "\(verdict), too late to count"
    case .transition(let transition): "\(transition.from) → \(transition.to)"
    case .retrying(let attempt, let pause, let error?):
      "attempt \(attempt) failed, next in \(pause): \(error)"
    case .retrying(let attempt, let pause, nil): "attempt \(attempt) failed, next in \(pause)"
    case .timedOut(let limit): "took longer than \(limit)"
    case .queued: "waits for a place"
    }
  }
}

/// Receives the events of policies.
///
/// It is called on the task of the call, outside every lock, and may call any policy. It must be
/// quick: the call waits for it.
public protocol Observer: Sendable {
  /// Takes note of an event.
  func observe(_ event: Event)
}

/// An observer that is a closure.
public struct ClosureObserver: Observer {
  private let body: @Sendable (Event) -> Void

  /// Creates an observer that calls `body` for each event.
  public init(_ body: @escaping @Sendable (Event) -> Void) {
    self.body = body
  }

  /// Calls the closure.
  public func observe(_ event: Event) { body(event) }
}
