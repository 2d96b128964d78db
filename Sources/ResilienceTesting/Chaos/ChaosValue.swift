public import Resilience

/// Lets some calls return another value, without making them.
///
/// Only calls whose value is of the type given are struck; others are made.
public struct ChaosValue<Value>: Policy {
  private let plan: ChaosPlan
  private let value: @Sendable (ChaosCall) -> Value

  /// Creates the policy.
  ///
  /// - Parameters:
  ///   - plan: Which calls return another value.
  ///   - value: What the given call returns.
  public init(_ plan: ChaosPlan, _ value: @escaping @Sendable (ChaosCall) -> Value) {
    self.plan = plan
    self.value = value
  }

  /// Runs the operation, or returns another value.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if T.self == Value.self, let call = plan.strike(), let value = value(call) as? T {
      return value
    }
    return try await operation()
  }
}
