/// What an operation comes to, as a value: for an `async let`, whose value no closure may wait for.
func outcome<Value: Sendable>(
  _ operation: @Sendable () async throws -> Value
) async -> Result<Value, any Error> {
  do {
    return .success(try await operation())
  } catch {
    return .failure(error)
  }
}
