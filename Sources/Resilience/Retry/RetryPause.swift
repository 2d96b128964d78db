/// What a retry is about to do: pause, and try again.
public struct RetryPause: Sendable {
  /// The name of the retry.
  public let policy: String

  /// Number of the attempt that failed; the first call is attempt 1.
  public let attempt: Int

  /// How long the pause will be.
  public let duration: Duration

  /// What the attempt threw; `nil` when its value was judged a failure.
  public let error: (any Error)?
}
