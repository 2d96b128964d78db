import Distributed
import Foundation
import Resilience
import ResilienceRPC

/// A system whose remote calls go through policies, as a user would write it around another one.
final class ResilientTestSystem: DistributedActorSystem, Sendable {
  typealias ActorID = String
  typealias SerializationRequirement = any Codable
  typealias InvocationEncoder = LoopInvocation
  typealias InvocationDecoder = LoopInvocation.Reader
  typealias ResultHandler = LoopResult

  let network: LoopNetwork
  let breaker = CircuitBreaker("actors", trip: .consecutiveFailures(3))
  private let policies: RemoteCallPolicies<AnyPolicy>

  init(network: LoopNetwork = LoopNetwork()) {
    self.network = network
    let breaker = breaker
    policies = RemoteCallPolicies(
      pipeline: AnyPolicy(
        Pipeline("actors") {
          Retry(attempts: 3, backoff: .none)
          breaker
        }
      )
    ) { $0.identifier.contains("find") }
  }

  /// Another node of the same network.
  func elsewhere() -> ResilientTestSystem { ResilientTestSystem(sharing: self) }

  private init(sharing system: ResilientTestSystem) {
    network = system.network
    policies = system.policies
  }

  // MARK: Actors

  func assignID<Act>(_ actorType: Act.Type) -> ActorID
  where Act: DistributedActor, Act.ID == ActorID { network.nextID() }

  func actorReady<Act>(_ actor: Act) where Act: DistributedActor, Act.ID == ActorID {
    network.add(actor, id: actor.id)
  }

  func resignID(_ id: ActorID) { network.remove(id) }

  /// Nobody is here: all calls take the way over the network.
  func resolve<Act>(id: ActorID, as actorType: Act.Type) throws -> Act?
  where Act: DistributedActor, Act.ID == ActorID { nil }

  func makeInvocationEncoder() -> LoopInvocation { LoopInvocation() }

  // MARK: Calls

  func remoteCall<Act, Err, Res>(
    on actor: Act,
    target: RemoteCallTarget,
    invocation: inout InvocationEncoder,
    throwing: Err.Type,
    returning: Res.Type
  ) async throws -> Res
  where Act: DistributedActor, Act.ID == ActorID, Err: Error, Res: Codable {
    try await policies.call(target, invocation) { invocation in
      let bytes = try await self.carry(invocation, to: actor.id, target.identifier)
      return try JSONDecoder().decode(Res.self, from: bytes)
    }
  }

  func remoteCallVoid<Act, Err>(
    on actor: Act,
    target: RemoteCallTarget,
    invocation: inout InvocationEncoder,
    throwing: Err.Type
  ) async throws
  where Act: DistributedActor, Act.ID == ActorID, Err: Error {
    try await policies.call(target, invocation) { invocation in
      _ = try await self.carry(invocation, to: actor.id, target.identifier)
    }
  }

  private func carry(
    _ invocation: LoopInvocation,
    to id: ActorID,
    _ target: String
  ) async throws -> Data {
    let callee = try network.callee(id)
    let result = LoopResult()
    var reader = invocation.reader()
    try await executeDistributedTarget(
      on: callee,
      target: RemoteCallTarget(target),
      invocationDecoder: &reader,
      handler: result
    )
    return try result.get()
  }
}

/// Where the actors of a test are found, and what goes wrong on the way to them.
final class LoopNetwork: Sendable {
  private struct State {
    var actors: [String: any DistributedActor] = [:]
    var lastID = 0
    var calls = 0
    var failures = 0
    var error: any Error = RPCStatus(.unavailable)
  }

  private let state = Guarded(State())

  var calls: Int { state.withLock { $0.calls } }

  func nextID() -> String {
    state.withLock { state in
      state.lastID += 1
      return "actor \(state.lastID)"
    }
  }

  func add(_ actor: any DistributedActor, id: String) { state.withLock { $0.actors[id] = actor } }

  func remove(_ id: String) { state.withLock { _ = $0.actors.removeValue(forKey: id) } }

  /// Lets the next calls fail.
  func fail(_ count: Int, with error: any Error) {
    state.withLock { state in
      state.failures = count
      state.error = error
    }
  }

  func callee(_ id: String) throws -> any DistributedActor {
    try state.withLock { state in
      state.calls += 1
      if state.failures > 0 {
        state.failures -= 1
        throw state.error
      }
      guard let actor = state.actors[id] else { throw RPCStatus(.notFound) }
      return actor
    }
  }
}

/// What a call sends: its arguments as JSON.
struct LoopInvocation: DistributedTargetInvocationEncoder, Sendable {
  typealias SerializationRequirement = any Codable

  private var arguments: [Data] = []

  mutating func recordGenericSubstitution<T>(_ type: T.Type) {}

  mutating func recordArgument<Value: Codable>(_ argument: RemoteCallArgument<Value>) throws {
    arguments.append(try JSONEncoder().encode(argument.value))
  }

  mutating func recordReturnType<R: Codable>(_ type: R.Type) throws {}

  mutating func recordErrorType<E: Error>(_ type: E.Type) {}

  mutating func doneRecording() {}

  func reader() -> Reader { Reader(arguments: arguments) }

  struct Reader: DistributedTargetInvocationDecoder {
    typealias SerializationRequirement = any Codable

    var arguments: [Data]

    mutating func decodeGenericSubstitutions() -> [any Any.Type] { [] }

    mutating func decodeNextArgument<Argument: Codable>() throws -> Argument {
      try JSONDecoder().decode(Argument.self, from: arguments.removeFirst())
    }

    mutating func decodeReturnType() -> (any Any.Type)? { nil }

    mutating func decodeErrorType() -> (any Any.Type)? { nil }
  }
}

/// What came of a call.
final class LoopResult: DistributedTargetInvocationResultHandler, Sendable {
  typealias SerializationRequirement = any Codable

  private let outcome = Guarded<Result<Data, any Error>>(.success(Data()))

  func onReturn<Success: Codable>(value: Success) async throws {
    let bytes = try JSONEncoder().encode(value)
    outcome.withLock { $0 = .success(bytes) }
  }

  func onReturnVoid() async throws {}

  func onThrow<Err: Error>(error: Err) async throws {
    outcome.withLock { $0 = .failure(error) }
  }

  func get() throws -> Data { try outcome.withLock { $0 }.get() }
}
