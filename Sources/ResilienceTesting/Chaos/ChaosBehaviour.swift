public import Resilience

/// Does something else before some calls: restarts a service, drops a connection, waits, throws.
public struct ChaosBehaviour: Policy {
  private let plan: ChaosPlan
  private let behaviour: @Sendable (ChaosCall) async throws -> Void

  /// Creates the policy.
  ///
  /// - Parameters:
  ///   - plan: Before which calls something is done.
  ///   - behaviour: What is done before the given call; the call is not made when it throws.
  public init(
    _ plan: ChaosPlan,
    _ behaviour: @escaping @Sendable (ChaosCall) async throws -> Void
  ) {
    self.plan = plan
    self.behaviour = behaviour
  }

  /// Runs the operation, after something else.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if let call = plan.strike() { try await behaviour(call) }
    return try await operation()
  }
}
