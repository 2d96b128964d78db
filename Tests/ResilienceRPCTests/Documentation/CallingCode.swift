import Foundation
import Resilience
import ResilienceRPC
import ResilienceTesting

// The code of the article on calling an RPC service, compiled. Never run.

struct GetUserRequest: Codable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1 }

  var id: Int64
}

struct User: Codable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1, displayName = 2, role = 3, lastSeen = 4 }

  var id: Int64
  var displayName: String
  var role: Role
  var lastSeen: Fixed<UInt64>?
}

struct Role: ProtoEnum {
  let rawValue: Int32
  static let admin = Role(rawValue: 1)
  static let names: [Int32: String] = [0: "ROLE_UNSPECIFIED", 1: "ROLE_ADMIN"]

  init(rawValue: Int32) { self.rawValue = rawValue }
}

extension RPCMethod where Request == GetUserRequest, Response == User {
  static var getUser: Self { Self("acme.v1.UserService/GetUser", .noSideEffects) }
  static var watchUser: Self { Self("acme.v1.UserService/WatchUser", .noSideEffects) }
}

extension RPCMethod where Request == User, Response == User {
  static var createUser: Self { Self("acme.v1.UserService/CreateUser") }
}

private func calls(url: URL, json: Data) async throws {
  let users = RPCClient(
    baseURL: url,
    format: .proto,
    pipeline: Pipeline("users") {
      Retry(attempts: 3, budget: RetryBudget())
      CircuitBreaker("users")
      Timeout(.seconds(2))
    }
  )
  let reply = try await users.call(.getUser, GetUserRequest(id: 7))
  print(reply.message.displayName, reply.trailers["x-cost"] ?? "")

  try await users.stream(.watchUser, GetUserRequest(id: 7), within: nil) { updates in
    for try await user in updates { print(user.displayName) }
  }

  do {
    _ = try await users.call(.getUser, GetUserRequest(id: 7))
  } catch let status as RPCStatus where status.code == .notFound {
    print(status.message, status.details.map(\.type))
  }

  _ =
    try await withCallDeadline(in: .seconds(1)) {
      try await users.call(.getUser, GetUserRequest(id: 7)).message
    }

  let config = try ServiceConfig(json: json)
  let client = RPCClient(baseURL: url, pipeline: CircuitBreaker("users"), serviceConfig: config)
  print(config.plan(for: "acme.v1.UserService/GetUser").pipeline.describe())
  _ = client
}

private func serving() throws {
  let service = RPCServer {
    RPCHandler.unary(.getUser) { request, _ in
      guard request.id < 100 else { throw RPCStatus(.notFound, "no user \(request.id)") }
      return RPCReply(
        User(id: request.id, displayName: "user \(request.id)", role: .admin, lastSeen: nil)
      )
    }
  }
  service.inject(RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "50"]), times: 2)

  let server = try FaultServer {
    for method in service.methods {
      for verb in [ServerRequest.Method.get, .post] {
        Route(verb, "/\(method)") { request in
          await response(of: service, to: request)
        }
      }
    }
  }
  server.stop()
}

private func response(of service: RPCServer, to request: ServerRequest) async -> ServerResponse {
  var fields = RPCMetadata()
  for field in request.headers.fields { fields.add(field.name, field.value) }
  let response = await service.respond(
    to: RPCServerRequest(
      method: request.method.rawValue,
      path: request.path,
      query: request.query.items.map { ($0.name, $0.value) },
      headers: fields,
      body: request.body
    )
  )
  var headers: ServerHeaders = [:]
  for field in response.headers.fields { headers.add(field.name, field.value) }
  switch response.body {
  case .whole(let body):
    return ServerResponse(status: response.status, headers: headers, body: body)
  case .pieces(let produce):
    return .stream(status: response.status, headers: headers) { write in await produce(write) }
  }
}

/// The code of the article on adapters in the core.
private func adapters(url: URL) async throws {
  let users = RPCClient(baseURL: url, pipeline: Pipeline<AnyPolicy>.standard("users"))
  let reply = try await users.call(.getUser, GetUserRequest(id: 7))
  _ = reply
}
