import Foundation
import Resilience
import ResilienceHTTP
import ResilienceRPC

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The order service's way to the user service: by REST or by RPC, through the same policies.
///
/// Both ways share one breaker and one bulkhead, since it is one service that they lead to.
struct UserGateway: Sendable {
  /// The user service says that there is no such user.
  struct NoSuchUser: Error {}

  /// The user service does not take the user.
  struct InvalidUser: Error {}

  let breaker: CircuitBreaker?
  private let session: URLSession
  private let rest: HTTPService<AnyPolicy>
  private let rpc: RPCClient<AnyPolicy>

  init(url: URL, _ limits: Limits) {
    let stack = PolicyStack(.standard, limits, seed: 1, meter: AttemptMeter())
    let policy = stack.whole
    breaker = stack.breaker
    session = URLSession(configuration: .demo(limits))
    rest = HTTPService(baseURL: url, session: session, pipeline: policy)
    rpc = RPCClient(baseURL: url, session: session, pipeline: policy)
  }

  /// Reads a user.
  ///
  /// - Throws: ``NoSuchUser``, or whatever kept the service from saying something.
  func user(_ id: Int, via route: Order.Route) async throws -> User {
    do {
      switch route {
      case .rest: return try await rest.get("users/\(id)", as: User.self)
      case .rpc: return try await rpc.call(.getUser, GetUserRequest(id: id)).message
      }
    } catch let error as HTTPStatusError where error.status == 404 {
      throw NoSuchUser()
    } catch let status as RPCStatus where status.code == .notFound {
      throw NoSuchUser()
    }
  }

  /// Adds a user.
  ///
  /// - Throws: ``InvalidUser``, or whatever kept the service from saying something.
  func add(_ name: String, via route: Order.Route) async throws -> User {
    do {
      switch route {
      case .rest: return try await rest.post("users", body: NewUser(name: name), as: User.self)
      case .rpc: return try await rpc.call(.createUser, NewUser(name: name)).message
      }
    } catch let error as HTTPStatusError where error.status == 400 {
      throw InvalidUser()
    } catch let status as RPCStatus where status.code == .invalidArgument {
      throw InvalidUser()
    }
  }

  /// Lets go of the connections.
  func close() {
    session.invalidateAndCancel()
  }
}
