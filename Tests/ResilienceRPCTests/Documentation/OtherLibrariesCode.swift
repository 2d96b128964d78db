import Distributed
import Resilience
import ResilienceRPC

// The recipes of the article for other libraries, compiled; a test runs the first, and the second is
// what the system of the tests does.

extension RPCError: RPCCodedError {
  /// The numbers are those of gRPC on both sides.
  public var rpcCode: RPCCode { RPCCode(rawValue: code.rawValue) ?? .unknown }

  /// What the server sent beside the code.
  public var retryPushback: RetryPushback {
    RetryPushback(metadata[stringValues: RetryPushback.metadataName].first { _ in true })
  }
}

struct ResilientInterceptor: ClientInterceptor {
  let resilience: RPCInterceptor<AnyPolicy>

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next: (
      _ request: StreamingClientRequest<Input>,
      _ context: ClientContext
    ) async throws -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    guard let method = RPCMethodName(path: context.descriptor.fullyQualifiedMethod) else {
      return try await next(request, context)
    }
    do {
      return try await resilience.intercept(method) { metadata in
        var request = request
        for field in metadata.fields {
          request.metadata.replaceOrAddString(field.value, forKey: field.name)
        }
        let response = try await next(request, context)
        // A refusal is a value there. Thrown, the policies see it.
        if case .failure(let error) = response.accepted { throw error }
        return response
      }
    } catch let error as RPCError {
      return StreamingClientResponse(of: Output.self, error: error)
    }
  }
}

/// A system around another one, of which only the call is of interest here.
private struct WrappingSystem {
  typealias ActorID = ResilientTestSystem.ActorID
  typealias InvocationEncoder = ResilientTestSystem.InvocationEncoder

  let base: ResilientTestSystem
  let policies: RemoteCallPolicies<AnyPolicy>

  func remoteCall<Act, Err, Res>(
    on actor: Act,
    target: RemoteCallTarget,
    invocation: inout InvocationEncoder,
    throwing: Err.Type,
    returning: Res.Type
  ) async throws -> Res
  where Act: DistributedActor, Act.ID == ActorID, Err: Error, Res: Codable {
    try await policies.call(target, invocation) { invocation in
      try await base.remoteCall(
        on: actor,
        target: target,
        invocation: &invocation,
        throwing: throwing,
        returning: returning
      )
    }
  }
}
