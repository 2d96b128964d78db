/// Whom a call is made for, where capacity is to be shared fairly.
package enum FairnessKey {
  /// The key of the current task; `nil` when nobody has said anything.
  @TaskLocal package static var current: String?
}

/// Says whom everything that the operation does is done for.
///
/// ```swift
/// try await withFairnessKey(tenant.id) {
///   try await payments.run { try await gateway.charge(order) }
/// }
/// ```
///
/// Where calls wait for a place, those of different keys take turns, however many each key has
/// waiting; and when there is no room to wait, the key that has the most waiting gives way. Calls
/// without a key share one.
///
/// - Parameters:
///   - key: Such as a tenant or a user. It replaces one set further out.
///   - operation: What to do with it. It runs on the caller's isolation.
/// - Returns: What the operation returned.
/// - Throws: What the operation threw.
public func withFairnessKey<T>(
  _ key: String,
  _ operation: () async throws -> T
) async rethrows -> T {
  try await FairnessKey.$current.withValue(key, operation: operation)
}
