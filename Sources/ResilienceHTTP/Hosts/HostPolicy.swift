public import Resilience

/// The policies that an ``HTTPHosts`` has for one target, made when they are first needed.
///
/// While a call is in flight its policies are not forgotten.
public struct HostPolicy<Policies: Policy>: Policy {
  /// What they are for.
  public let target: HTTPTarget

  let policies: Keyed<HTTPTarget, Policies>

  /// Runs the operation under the policies of the target.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await policies.run(for: target, operation)
  }

  /// The policies of the target, made if there are none yet.
  public var stages: [PolicyStage] { policies[target].stages }

  /// The most calls that one call can become under the policies of the target.
  public var mostCalls: Int { policies[target].mostCalls }

  /// Whether the target has no policies, or only such as are at rest.
  public var isAtRest: Bool { policies.existing(target)?.isAtRest ?? true }
}
