import Resilience

/// An operation that a test holds in its hands: it says when it has begun, and ends as it is told.
final class HeldCall: Sendable {
  private let begun = Parked<Void>()
  private let ending = Parked<Result<Int, any Error>>()

  /// Runs until it is ended, or until its task is cancelled.
  func run() async throws -> Int {
    begun.resume(with: ())
    return try await withTaskCancellationHandler {
      try await ending.wait().get()
    } onCancel: {
      ending.resume(with: .failure(CancellationError()))
    }
  }

  /// Runs until it is ended, deaf to cancellation.
  func runDeaf() async throws -> Int {
    begun.resume(with: ())
    return try await ending.wait().get()
  }

  /// Waits until the operation runs.
  func hasBegun() async { await begun.wait() }

  func succeed(with value: Int = 1) { ending.resume(with: .success(value)) }

  func fail(with error: any Error = Boom()) { ending.resume(with: .failure(error)) }
}
