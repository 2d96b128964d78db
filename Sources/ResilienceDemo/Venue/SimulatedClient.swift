import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

/// A client of a simulated service, with the policies of a real one.
struct SimulatedClient: UserClient {
  private let service: SimulatedService
  private let stack: PolicyStack
  /// URLSession's own timeout, for the client without policies.
  private let session: Timeout?
  private let turns: RoundRobin
  /// The replicas that the standard client chooses from; `nil` if there is one only.
  private let endpoints: Endpoints<Int>?

  init(
    service: SimulatedService,
    _ stack: PolicyStack,
    _ limits: Limits,
    isBare: Bool,
    timeline: Timeline,
    seed: UInt64
  ) {
    self.service = service
    self.stack = stack
    turns = RoundRobin(service.replicas.count)
    session =
      isBare
      ? Timeout(.seconds(limits.bareTimeoutSeconds), name: "URLSession", timeline: timeline) : nil
    endpoints =
      stack.outer != nil && service.replicas.count > 1
      ? Endpoints(
        "users",
        service.replicas,
        .demo(limits),
        timeline: timeline,
        random: RandomSource(SplitMix64(seed: seed))
      ) : nil
  }

  func send(_ call: UserCall) async throws -> UserReply {
    do {
      return .user(
        try await CallTraits.$isRepeatable.withValue(call.isRepeatable) {
          try await user(for: call)
        }
      )
    } catch let error as HTTPStatusError where error.status == 404 {
      return .noSuchUser
    } catch let error as HTTPStatusError where error.status == 400 {
      return .invalid
    }
  }

  func close() {}

  private func user(for call: UserCall) async throws -> User {
    if let session { return try await session.run { try await each(call, turns.next()) } }
    guard let endpoints, let outer = stack.outer else {
      let replica = turns.next()
      return try await stack.whole.run { try await service.answer(call, replica: replica) }
    }
    return try await endpoints.run(through: outer) { try await each(call, $0) }
  }

  private func each(_ call: UserCall, _ replica: Int) async throws -> User {
    try await stack.each.run { try await service.answer(call, replica: replica) }
  }
}

extension UserCall {
  /// Whether it may be made twice without harm, as HTTP says of its method.
  var isRepeatable: Bool {
    switch self {
    case .read, .readUnknown: true
    case .create, .createInvalid: false
    }
  }
}
