public import Resilience

/// Runs the calls of any RPC library through a pipeline, where the library lets one step in between.
///
/// It knows no transport: it takes a method, metadata and a call, and gives what the call gave. The
/// library's errors become meaningful to policies by being ``RPCCodedError``.
///
/// ```swift
/// let resilient = RPCInterceptor(pipeline: pipeline)
/// let reply = try await resilient.intercept("acme.v1.UserService/GetUser") { metadata in
///   try await library.send(request, metadata)
/// }
/// ```
public struct RPCInterceptor<Policies: Policy>: Sendable {
  private let policies: Policies
  private let serviceConfig: ServiceConfig?
  private let timeline: Timeline
  private let idempotency: @Sendable (RPCMethodName) -> RPCIdempotency

  /// Creates an interceptor.
  ///
  /// - Parameters:
  ///   - pipeline: What the calls run through.
  ///   - serviceConfig: What the owner of the service says about its methods; it stands around the
  ///     pipeline. Hedging is left out, since a library hands over one call at a time.
  ///   - timeline: The time by which the deadline of the task is measured.
  ///   - idempotency: What the schema says about carrying a method out twice; by default nothing.
  public init(
    pipeline: Policies,
    serviceConfig: ServiceConfig? = nil,
    timeline: Timeline = .system,
    idempotency: @escaping @Sendable (RPCMethodName) -> RPCIdempotency = { _ in .unknown }
  ) {
    policies = pipeline
    self.serviceConfig = serviceConfig
    self.timeline = timeline
    self.idempotency = idempotency
  }

  /// Runs a call, each attempt until the deadline of the task at most.
  ///
  /// - Parameters:
  ///   - method: The method that is called.
  ///   - metadata: What goes with the call.
  ///   - call: Makes one attempt with the metadata it is given: those of the call, with
  ///     `grpc-timeout` if the task has a deadline, and `grpc-previous-rpc-attempts` from the second
  ///     attempt on. It runs on the caller's isolation.
  /// - Returns: What the last attempt returned.
  /// - Throws: What the last attempt threw; what the policies throw; ``RPCStatus`` with
  ///   `DEADLINE_EXCEEDED` if the deadline has passed before an attempt, or during one.
  public func intercept<Value>(
    _ method: RPCMethodName,
    metadata: RPCMetadata = [:],
    _ call: (RPCMetadata) async throws -> Value
  ) async throws -> Value {
    var attempts = 0
    let deadline = CallDeadline(of: method, on: timeline)
    func attempt() async throws -> Value {
      defer { attempts += 1 }
      let announced = try announced(metadata, method, previousAttempts: attempts)
      return try await deadline.run { try await call(announced) }
    }
    func throughPolicies() async throws -> Value {
      try await CallTraits.$isRepeatable.withValue(idempotency(method).isRepeatable) {
        try await policies.run(attempt)
      }
    }
    guard let serviceConfig else { return try await throughPolicies() }
    return try await serviceConfig.plan(for: method).runOneByOne { _ in
      try await throughPolicies()
    }
  }

  private func announced(
    _ metadata: RPCMetadata,
    _ method: RPCMethodName,
    previousAttempts: Int
  ) throws(RPCStatus) -> RPCMetadata {
    var metadata = metadata
    if previousAttempts > 0 { metadata["grpc-previous-rpc-attempts"] = "\(previousAttempts)" }
    if let left = Deadline.current?.remaining {
      guard let value = RPCTimeout.grpcValue(left) else {
        throw RPCStatus(.deadlinePassed, method: "\(method)")
      }
      metadata[RPCTimeout.grpcField] = value
    }
    return metadata
  }
}
