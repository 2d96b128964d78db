/// What the one who makes a call knows of it and policies must respect; set by adapters.
package enum CallTraits {
  /// Whether the call may be carried out twice without harm; policies that repeat ask it.
  @TaskLocal package static var isRepeatable = true

  /// Whether the call can be made once only, even if the callee has not acted on it: what it sends
  /// cannot be had again.
  @TaskLocal package static var isOneShot = false

  /// What the caller says of the call, for the events that policies tell of it.
  @TaskLocal package static var metadata: [String: String] = [:]
}

/// Gives the events of all policies within the operation the caller's metadata.
///
/// ```swift
/// try await withCallMetadata(["tenant": tenant.id]) {
///   try await payments.run { try await gateway.charge(order) }
/// }
/// ```
///
/// - Parameters:
///   - metadata: Names and values; added to, or replacing, those given further out.
///   - operation: What to do with them.
/// - Returns: What the operation returned.
/// - Throws: What the operation threw.
public func withCallMetadata<T>(
  _ metadata: [String: String],
  _ operation: () async throws -> T
) async rethrows -> T {
  let all = CallTraits.metadata.merging(metadata) { _, new in new }
  return try await CallTraits.$metadata.withValue(all, operation: operation)
}
