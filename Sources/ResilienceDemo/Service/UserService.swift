import Foundation
internal import Resilience
import ResilienceTesting

/// A small user service, answering as a careful one does.
///
/// `GET /users/{id}` answers 200, or 404 for an unknown id; `POST /users` answers 201, or 400 for a
/// body that describes no user. What went wrong is said as JSON.
final class UserService: Sendable {
  private struct Store {
    var users: [Int: User] = [:]
    var lastID = 0

    mutating func add(_ name: String) -> User {
      lastID += 1
      let user = User(id: lastID, name: name)
      users[user.id] = user
      return user
    }
  }

  private let store: Guarded<Store>
  private let desk: ServiceDesk

  /// Creates a service that knows the users 1 to `UserCall.knownUsers`.
  ///
  /// - Parameter desk: Where requests wait until they are served; by default none has to.
  init(desk: ServiceDesk = ServiceDesk(ServiceTraits(), rate: 1, timeline: .system)) {
    self.desk = desk
    var store = Store()
    for number in 1...UserCall.knownUsers { _ = store.add("user \(number)") }
    self.store = Guarded(store)
  }

  /// Starts a server of this service on the loopback interface.
  func start(seed: UInt64) throws(ListenFailed) -> FaultServer {
    try FaultServer(seed: seed) {
      Route(.get, "/users/{id}") { request in try await self.serve { try self.read(request) } }
      Route(.post, "/users") { request in try await self.serve { try self.create(request) } }
    }
  }

  private func serve(_ answer: () throws -> ServerResponse) async throws -> ServerResponse {
    switch try await desk.serve() {
    case nil:
      return try answer()
    case .full:
      return try .problem("The service has too much to do.", status: 503)
    case .lockedOut(let seconds):
      var response = try ServerResponse.problem("The quota is used up.", status: 429)
      response.headers["Retry-After"] = "\(seconds)"
      return response
    }
  }

  private func read(_ request: ServerRequest) throws -> ServerResponse {
    let id = request.parameters["id"].flatMap(Int.init)
    guard let user = store.withLock({ store in id.flatMap { store.users[$0] } }) else {
      return try .problem("There is no such user.", status: 404)
    }
    return try .json(user)
  }

  private func create(_ request: ServerRequest) throws -> ServerResponse {
    guard let name = try? request.decode(NewUser.self).name, !name.isEmpty else {
      return try .problem("The body must be a user with a name.", status: 400)
    }
    let user = store.withLock { $0.add(name) }
    var response = try ServerResponse.json(user, status: 201)
    response.headers["Location"] = "/users/\(user.id)"
    return response
  }
}

extension ServerResponse {
  fileprivate static func problem(_ title: String, status: Int) throws -> Self {
    var response = try json(Problem(title: title, status: status), status: status)
    response.headers["Content-Type"] = "application/problem+json"
    return response
  }
}
