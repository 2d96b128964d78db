import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client whose calls run through policies.
struct PolicyClient: UserClient {
  /// How a replica is found.
  private enum Access: Sendable {
    case taking(RoundRobin, of: [HTTPService<AnyPolicy>])
    case choosing(HTTPEndpoints<AnyPolicy, AnyPolicy>)
  }

  private let session: URLSession
  private let access: Access

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - urls: The addresses of the replicas; at least 1.
  ///   - session: What sends; it is the client's from now on.
  ///   - stack: The policies. With policies around the choice of a replica it is chosen well, or else
  ///     the replicas take turns.
  ///   - limits: The settings.
  ///   - seed: Decides which replica is drawn.
  init(urls: [URL], session: URLSession, _ stack: PolicyStack, _ limits: Limits, seed: UInt64) {
    self.session = session
    if urls.count > 1, let outer = stack.outer {
      access = .choosing(
        HTTPEndpoints(
          "users",
          urls,
          .demo(limits),
          session: session,
          pipeline: outer,
          each: stack.each,
          random: RandomSource(SplitMix64(seed: seed))
        )
      )
    } else {
      let policy = stack.whole
      access = .taking(
        RoundRobin(urls.count),
        of: urls.map { HTTPService(baseURL: $0, session: session, pipeline: policy) }
      )
    }
  }

  func send(_ call: UserCall) async throws -> UserReply {
    do {
      switch call {
      case .read(let id), .readUnknown(let id): return .user(try await get("users/\(id)"))
      case .create(let name): return .user(try await add(NewUser(name: name)))
      case .createInvalid: return .user(try await add(["nickname": "x"]))
      }
    } catch let error as HTTPStatusError where error.status == 404 {
      return .noSuchUser
    } catch let error as HTTPStatusError where error.status == 400 {
      return .invalid
    }
  }

  func close() {
    session.invalidateAndCancel()
  }

  private func get(_ path: HTTPPath) async throws -> User {
    switch access {
    case .taking(let turns, let services): try await services[turns.next()].get(path)
    case .choosing(let endpoints): try await endpoints.get(path)
    }
  }

  private func add(_ body: some Encodable & Sendable) async throws -> User {
    switch access {
    case .taking(let turns, let services):
      try await services[turns.next()].post("users", body: body, as: User.self)
    case .choosing(let endpoints):
      try await endpoints.post("users", body: body, as: User.self)
    }
  }
}
