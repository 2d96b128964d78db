/// Something that a policy did, as a value.
public struct Event: Sendable, CustomStringConvertible {
  /// What happened.
  public enum Kind: Sendable {
    /// The call was let through.
    case admitted

    /// The call was refused, and the operation did not run.
    case refused(any Rejection)

    /// The call was let through, but would have been refused if the policy were not in shadow mode.
    case wouldRefuse(any Rejection)

    /// The call ended with this verdict, and it was counted. A slow one took longer than it should.
    case settled(Verdict, isSlow: Bool)

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

    /// Another attempt was made in addition, since those before took too long or failed.
    case hedged(attempt: Int)

    /// A limit that adapts itself to the callee became another one.
    case limitChanged(from: Int, to: Int)

    /// One of several endpoints is left out for a while.
    case endpointEjected(String, for: Duration)

    /// One of several endpoints gets calls again.
    case endpointReturned(String)

    /// A substitute was returned because of this error.
    case degraded(cause: any Error)
  }

  /// The name of the policy.
  public let policy: String

  /// When it happened, on the timeline of the policy.
  public let at: Moment

  /// What happened.
  public let kind: Kind

  /// What the caller said of the call: see ``withCallMetadata(_:_:)``.
  public let metadata: [String: String]

  /// Creates an event of a policy, with what the caller has said of the current call.
  ///
  /// - Parameters:
  ///   - policy: The name of the policy.
  ///   - at: When it happened.
  ///   - kind: What happened.
  public init(policy: String, at: Moment, kind: Kind) {
    self.policy = policy
    self.at = at
    self.kind = kind
    metadata = CallTraits.metadata
  }

  /// The event on one line.
  public var description: String {
    let text = "\(at.sinceOrigin) \(policy): \(kind)"
    guard !metadata.isEmpty else { return text }
    let pairs = metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(text) [\(pairs.joined(separator: " "))]"
  }
}

extension Event.Kind: CustomStringConvertible {
  /// What happened, in words.
  public var description: String {
    switch self {
    case .admitted: "admitted"
    case .refused(let rejection): "refused: \(rejection)"
    case .wouldRefuse(let rejection): "would have been refused: \(rejection)"
    case .settled(let verdict, let isSlow): isSlow ? "slow \(verdict)" : "\(verdict)"
    case .stale(let verdict): "\(verdict), too late to count"
    case .transition(let transition): "\(transition.from) → \(transition.to)"
    case .retrying(let attempt, let pause, let error?):
      "attempt \(attempt) failed, next in \(pause): \(error)"
    case .retrying(let attempt, let pause, nil): "attempt \(attempt) failed, next in \(pause)"
    case .timedOut(let limit): "took longer than \(limit)"
    case .queued: "waits for a place"
    case .hedged(let attempt): "attempt \(attempt) began in addition"
    case .limitChanged(let old, let new): "limit \(old) → \(new)"
    case .endpointEjected(let endpoint, let time): "\(endpoint) is left out for \(time)"
    case .endpointReturned(let endpoint): "\(endpoint) gets calls again"
    case .degraded(let cause): "substitute returned: \(cause)"
    }
  }
}
