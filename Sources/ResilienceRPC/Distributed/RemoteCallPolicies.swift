public import Distributed
public import Resilience

/// Runs the remote calls of distributed actors through a pipeline, within any actor system.
///
/// A system that wraps another hands its calls over in one line each:
///
/// ```swift
/// func remoteCall<Act, Err, Res>(
///   on actor: Act, target: RemoteCallTarget, invocation: inout InvocationEncoder,
///   throwing: Err.Type, returning: Res.Type
/// ) async throws -> Res
/// where Act: DistributedActor, Act.ID == ActorID, Err: Error, Res: Codable {
///   try await policies.call(target, invocation) { invocation in
///     try await base.remoteCall(
///       on: actor, target: target, invocation: &invocation, throwing: throwing, returning: returning)
///   }
/// }
/// ```
///
/// There is no wrapper for all systems: the compiler looks for `remoteCall` by the exact list of its
/// generic requirements, and a generic class adds its own to them.
///
/// A deadline is not sent: `Distributed` has no place for it in an invocation, unless the system makes
/// one. A `Timeout` of the pipeline cancels the call here, and the actor is not told.
///
/// Errors of the transport should be ``RPCCodedError``, or at least `CallError`, to mean what they
/// mean; any other error is a failure, as for every policy, those included that a remote method threw.
public struct RemoteCallPolicies<Policies: Policy>: Sendable {
  private let policies: Policies
  private let isRepeatable: @Sendable (RemoteCallTarget) -> Bool

  /// Creates the policies of a system.
  ///
  /// - Parameters:
  ///   - pipeline: What the calls run through.
  ///   - isRepeatable: Whether a call of the target may be carried out twice without harm; by default
  ///     none may.
  public init(
    pipeline: Policies,
    isRepeatable: @escaping @Sendable (RemoteCallTarget) -> Bool = { _ in false }
  ) {
    policies = pipeline
    self.isRepeatable = isRepeatable
  }

  /// Runs a remote call.
  ///
  /// - Parameters:
  ///   - target: What is called.
  ///   - invocation: What the call sends. Every attempt gets a copy, so it should be a value.
  ///   - call: Makes one attempt; it runs on the caller's isolation.
  /// - Returns: What the last attempt returned.
  /// - Throws: What the last attempt threw, or what the policies throw.
  public func call<Invocation: DistributedTargetInvocationEncoder, Result>(
    _ target: RemoteCallTarget,
    _ invocation: Invocation,
    _ call: (inout Invocation) async throws -> Result
  ) async throws -> Result {
    try await CallTraits.$isRepeatable.withValue(isRepeatable(target)) {
      try await policies.run {
        var copy = invocation
        return try await call(&copy)
      }
    }
  }
}
