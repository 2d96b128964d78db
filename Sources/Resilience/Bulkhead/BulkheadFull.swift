/// Thrown when a bulkhead has no place for a call.
public struct BulkheadFull: Rejection, Hashable {
  /// Why there was no place.
  public enum Reason: Hashable, Sendable {
    /// All places were taken and the queue was full.
    case queueFull

    /// The call waited in the queue as long as it may.
    case waitedTooLong(Duration)
  }

  /// The name of the bulkhead.
  public let policy: String

  /// Why there was no place.
  public let reason: Reason

  /// `nil`: a bulkhead cannot know when a call will end.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, reason: Reason) {
    self.policy = policy
    self.reason = reason
  }

  /// The refusal on one line.
  public var description: String {
    switch reason {
    case .queueFull: "bulkhead “\(policy)” and its queue are full"
    case .waitedTooLong(let wait): "bulkhead “\(policy)” had no place within \(wait)"
    }
  }
}
