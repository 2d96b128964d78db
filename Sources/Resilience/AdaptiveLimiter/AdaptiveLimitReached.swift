/// Thrown when an adaptive limiter has no place for a call.
public struct AdaptiveLimitReached: Rejection, Hashable {
  /// The name of the limiter.
  public let policy: String

  /// How many calls might be in flight when it refused.
  public let limit: Int

  /// Why there was no place.
  public let reason: PlaceRefusal

  /// `nil`: a limiter cannot know when a call will end.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, limit: Int, reason: PlaceRefusal) {
    self.policy = policy
    self.limit = limit
    self.reason = reason
  }

  /// The refusal on one line.
  public var description: String { "adaptive limiter “\(policy)” at \(limit) \(reason)" }
}
