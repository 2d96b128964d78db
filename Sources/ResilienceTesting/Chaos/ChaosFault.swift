public import Resilience

/// Lets some calls fail without making them.
public struct ChaosFault: Policy {
  private let plan: ChaosPlan
  private let error: @Sendable (ChaosCall) -> any Error

  /// Creates the policy.
  ///
  /// - Parameters:
  ///   - plan: Which calls fail.
  ///   - error: What the given call throws.
  public init(_ plan: ChaosPlan, _ error: @escaping @Sendable (ChaosCall) -> any Error) {
    self.plan = plan
    self.error = error
  }

  /// Runs the operation, or throws instead.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if let call = plan.strike() { throw error(call) }
    return try await operation()
  }
}
