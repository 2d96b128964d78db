/// Waits until the task is cancelled, by no clock.
///
/// - Throws: `CancellationError`.
func untilCancelled() async throws {
  for await _ in AsyncStream<Never>.makeStream().stream {}
  try Task.checkCancellation()
}
