/// Thrown by a ``Timeout`` when the operation took longer than its limit.
public struct TimedOut: CallError, Hashable, CustomStringConvertible {
  /// The name of the timeout.
  public let policy: String

  /// The limit that was reached.
  public let limit: Duration

  /// Creates the error, to test how code bears it.
  public init(policy: String, limit: Duration) {
    self.policy = policy
    self.limit = limit
  }

  /// The error on one line.
  public var description: String { "“\(policy)” took longer than \(limit)" }
}
