/// Thrown when there is no endpoint that a call could go to, since none has been added.
public struct NoEndpoint: Rejection, Hashable {
  /// The name of the endpoints.
  public let policy: String

  /// `nil`: nobody knows when one will come.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String) {
    self.policy = policy
  }

  /// The refusal on one line.
  public var description: String { "“\(policy)” has no endpoints" }
}
