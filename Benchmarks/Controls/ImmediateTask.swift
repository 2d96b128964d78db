/// The least that running an operation in a task of its own can cost: begun at once, waited for, with
/// nothing that could ever cancel it.
@inline(__always)
func inTaskOfItsOwn<T: Sendable>(
  _ operation: @escaping @Sendable () async throws -> T
) async throws -> T {
  if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
    try await Task.immediate { try await operation() }.value
  } else {
    try await Task { try await operation() }.value
  }
}
