import Foundation
import Resilience
import ResilienceRPC
import ResilienceTesting

struct Person: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1, name = 2 }

  var id: Int64
  var name: String
}

struct GetPersonRequest: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case id = 1, padding = 2 }

  var id: Int64
  var padding = ""
}

struct WatchRequest: Codable, Hashable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case count = 1, failAfter = 2 }

  /// How many users to send.
  var count: Int32
  /// After how many to fail; zero for never.
  var failAfter: Int32 = 0
}

extension RPCMethod where Request == GetPersonRequest, Response == Person {
  static var getUser: Self { Self("acme.v1.UserService/GetUser", .noSideEffects) }
  /// The same method of the service, as if its schema said nothing.
  static var getUserUnmarked: Self { Self("acme.v1.UserService/GetUser") }
}

extension RPCMethod where Request == Person, Response == Person {
  static var createUser: Self { Self("acme.v1.UserService/CreateUser") }
  static var replaceUser: Self { Self("acme.v1.UserService/ReplaceUser", .idempotent) }
}

extension RPCMethod where Request == WatchRequest, Response == Person {
  static var watchUsers: Self { Self("acme.v1.UserService/WatchUsers", .noSideEffects) }
}

extension RPCServer {
  /// A service of users whose identities are below a hundred.
  static func users(
    limits: RPCLimits = RPCLimits(),
    timeline: Timeline = .system,
    work: @escaping @Sendable (RPCCallInfo) async throws -> Void = { _ in }
  ) -> RPCServer {
    RPCServer(limits: limits, timeline: timeline) {
      RPCHandler.unary(.getUser) { request, info in
        try await work(info)
        guard request.id < 100 else {
          throw RPCStatus(
            .notFound,
            "no user \(request.id)",
            details: [RPCDetail(type: "acme.v1.User", bytes: Data([0x08, 0x07]))],
            headers: ["x-shard": "4"],
            trailers: ["x-cost": "9"]
          )
        }
        var headers: RPCMetadata = ["x-shard": "3"]
        headers["x-seen"] = info.metadata["x-tenant"]
        return RPCReply(
          Person(id: request.id, name: "user \(request.id)"),
          headers: headers,
          trailers: ["x-cost": "7"]
        )
      }
      for method in [RPCMethod<Person, Person>.createUser, .replaceUser] {
        RPCHandler.unary(method) { user, info in
          try await work(info)
          return RPCReply(user)
        }
      }
      RPCHandler.stream(.watchUsers) { request, info, send in
        try await work(info)
        for id in 1...max(1, request.count) where request.count > 0 {
          if request.failAfter > 0, id > request.failAfter {
            throw RPCStatus(.dataLoss, "the rest is gone", trailers: ["x-cost": "1"])
          }
          try await send(Person(id: Int64(id), name: "user \(id)"))
        }
        return ["x-cost": "\(request.count)"]
      }
    }
  }
}

extension FaultServer {
  /// A server on the loopback interface that carries a service.
  ///
  /// - Parameters:
  ///   - service: The service.
  ///   - isDeaf: Whether the service is not told how long the client waits.
  /// - Returns: The server, listening.
  /// - Throws: What the system does if it cannot listen.
  static func carrying(
    _ service: RPCServer,
    withoutTimeouts isDeaf: Bool = false
  ) throws -> FaultServer {
    try FaultServer {
      for method in service.methods {
        for verb in [ServerRequest.Method.get, .post] {
          Route(verb, "/\(method)") { request in
            let hidden: Set = isDeaf ? ["connect-timeout-ms"] : []
            return await ServerResponse(
              service.respond(to: RPCServerRequest(request, without: hidden))
            )
          }
        }
      }
    }
  }
}

extension RPCServerRequest {
  init(_ request: ServerRequest, without hidden: Set<String> = []) {
    var headers = RPCMetadata()
    for field in request.headers.fields where !hidden.contains(field.name.lowercased()) {
      headers.add(field.name, field.value)
    }
    self.init(
      method: request.method.rawValue,
      path: request.path,
      query: request.query.items.map { ($0.name, $0.value) },
      headers: headers,
      body: request.body
    )
  }
}

extension ServerResponse {
  init(_ response: RPCServerResponse) {
    var headers: ServerHeaders = [:]
    for field in response.headers.fields { headers.add(field.name, field.value) }
    switch response.body {
    case .whole(let body):
      self.init(status: response.status, headers: headers, body: body)
    case .pieces(let produce):
      self = .stream(status: response.status, headers: headers) { write in await produce(write) }
    }
  }
}
