import Foundation
internal import Resilience
import ResilienceRPC
import ResilienceTesting

/// A small user service, answering as a careful one does, by REST and by RPC.
///
/// `GET /users/{id}` answers 200, or 404 for an unknown id; `POST /users` answers 201, or 400 for a
/// body that describes no user. What went wrong is said as JSON. The methods `GetUser` and
/// `CreateUser` of `demo.v1.UserService` do the same in the protocol of Connect.
final class UserService: Sendable {
  private let directory = UserDirectory()
  private let desk: ServiceDesk

  /// Creates a service that knows the users 1 to `UserCall.knownUsers`.
  ///
  /// - Parameter desk: Where requests wait until they are served; by default none has to.
  init(desk: ServiceDesk = ServiceDesk(ServiceTraits(), rate: 1, timeline: .system)) {
    self.desk = desk
  }

  /// Starts a server of this service on the loopback interface.
  ///
  /// - Parameters:
  ///   - port: The port; 0 for any free one.
  ///   - seed: Decides which requests faults hit.
  /// - Returns: The server.
  /// - Throws: `ListenFailed` if there is no such port.
  func start(port: UInt16 = 0, seed: UInt64) throws(ListenFailed) -> FaultServer {
    let methods = RPCServer {
      RPCHandler.unary(.getUser) { request, _ in try await self.get(request) }
      RPCHandler.unary(.createUser) { request, _ in try await self.create(request) }
    }
    return try FaultServer(port: port, seed: seed) {
      Route(.get, "/users/{id}") { request in try await self.serve { try self.read(request) } }
      Route(.post, "/users") { request in try await self.serve { try self.create(request) } }
      methods.routes
    }
  }

  // MARK: By REST

  private func serve(_ answer: () throws -> ServerResponse) async throws -> ServerResponse {
    switch try await desk.serve() {
    case nil:
      return try answer()
    case .full:
      return try .problem("The service has too much to do.", status: 503)
    case .lockedOut(let seconds):
      return try .problem("The quota is used up.", status: 429, retryAfterSeconds: seconds)
    }
  }

  private func read(_ request: ServerRequest) throws -> ServerResponse {
    let id = request.parameters["id"].flatMap(Int.init)
    guard let user = id.flatMap(directory.user) else {
      return try .problem("There is no such user.", status: 404)
    }
    return try .json(user)
  }

  private func create(_ request: ServerRequest) throws -> ServerResponse {
    guard let name = try? request.decode(NewUser.self).name, let user = directory.add(name) else {
      return try .problem("The body must be a user with a name.", status: 400)
    }
    var response = try ServerResponse.json(user, status: 201)
    response.headers["Location"] = "/users/\(user.id)"
    return response
  }

  // MARK: By RPC

  private func get(_ request: GetUserRequest) async throws -> RPCReply<User> {
    try await serveCall()
    guard let user = directory.user(request.id) else {
      throw RPCStatus(.notFound, "There is no such user.")
    }
    return RPCReply(user)
  }

  private func create(_ request: NewUser) async throws -> RPCReply<User> {
    try await serveCall()
    guard let user = directory.add(request.name) else {
      throw RPCStatus(.invalidArgument, "The message must be a user with a name.")
    }
    return RPCReply(user)
  }

  private func serveCall() async throws {
    switch try await desk.serve() {
    case nil: break
    case .full: throw RPCStatus(.unavailable, "The service has too much to do.")
    case .lockedOut(let seconds):
      let pushback: RPCMetadata = [RetryPushback.metadataName: "\(1_000 * seconds)"]
      throw RPCStatus(.resourceExhausted, "The quota is used up.", trailers: pushback)
    }
  }
}
