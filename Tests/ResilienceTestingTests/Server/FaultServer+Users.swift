import Foundation
import ResilienceTesting
import Synchronization
import Testing

/// A value for handlers to answer with.
struct User: Codable, Equatable, Sendable {
  let id: String
  let name: String
}

extension FaultServer {
  /// A small service in good order.
  static func users(
    seed: UInt64 = 0,
    limits: ServerLimits = ServerLimits()
  ) throws -> FaultServer {
    try FaultServer(seed: seed, limits: limits) {
      Route(.get, "/users/{id}") { request in
        try .json(User(id: request.parameters["id"] ?? "", name: request.query["name"] ?? "Ada"))
      }
      Route(.post, "/users") { request in
        try .json(request.decode(User.self), status: 201)
      }
      Route(.post, "/echo") { request in
        ServerResponse(body: request.body)
      }
    }
  }
}

/// A request as it stands on the wire.
func get(_ path: String, _ fields: String...) -> String {
  "GET \(path) HTTP/1.1\r\nHost: x\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
}

/// Something that happens once and can be waited for.
final class Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  func fire() { continuation.finish() }

  func wait() async { for await _ in stream {} }
}
