/// Thrown when a bulkhead has no place for a call.
public struct BulkheadFull: Rejection, Hashable {
  /// The name of the bulkhead.
  public let policy: String

  /// Why there was no place.
  public let reason: PlaceRefusal

  /// `nil`: a bulkhead cannot know when a call will end.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, reason: PlaceRefusal) {
    self.policy = policy
    self.reason = reason
  }

  /// The refusal on one line.
  public var description: String { "bulkhead “\(policy)” \(reason)" }
}
