public import Resilience

/// Lets some calls begin later.
public struct ChaosLatency: Policy {
  private let plan: ChaosPlan
  private let latency: @Sendable (ChaosCall) -> LatencyModel

  /// Creates the policy.
  ///
  /// - Parameters:
  ///   - plan: Which calls begin later.
  ///   - latency: How much later.
  public init(_ plan: ChaosPlan, _ latency: LatencyModel) {
    self.init(plan) { _ in latency }
  }

  /// Creates the policy.
  ///
  /// - Parameters:
  ///   - plan: Which calls begin later.
  ///   - latency: How much later the given call begins.
  public init(_ plan: ChaosPlan, _ latency: @escaping @Sendable (ChaosCall) -> LatencyModel) {
    self.plan = plan
    self.latency = latency
  }

  /// Runs the operation, after a while.
  ///
  /// - Throws: What the operation throws; `CancellationError` if the task is cancelled before.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    if let call = plan.strike() {
      try await plan.timeline.sleep(for: latency(call).draw(from: plan.random))
    }
    return try await operation()
  }
}
