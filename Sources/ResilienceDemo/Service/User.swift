import ResilienceRPC

/// A user, as the service answers and stores it.
struct User: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1, name = 2 }

  let id: Int
  let name: String
}

/// What it takes to add a user.
struct NewUser: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case name = 1 }

  let name: String
}

/// Which user is asked for.
struct GetUserRequest: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1 }

  let id: Int
}

extension RPCMethod where Request == GetUserRequest, Response == User {
  /// Reads a user.
  static var getUser: Self { Self("demo.v1.UserService/GetUser", .noSideEffects) }
}

extension RPCMethod where Request == NewUser, Response == User {
  /// Adds a user.
  static var createUser: Self { Self("demo.v1.UserService/CreateUser") }
}

/// What is wrong with a request.
///
/// ## Source
/// [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), *Problem Details for HTTP APIs*.
struct Problem: Codable, Hashable, Sendable {
  let title: String
  let status: Int
}
