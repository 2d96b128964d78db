import Foundation
import Resilience
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

struct Note: Codable, Equatable {
  var id: Int
  var text: String
}

extension FaultServer {
  /// A server with notes, missing ones among them, and bodies of any length.
  static func sample() throws -> FaultServer {
    try FaultServer {
      Route(.get, "/notes/{id}") { request in
        guard let id = request.parameters["id"].flatMap({ Int($0) }), id < 100 else {
          return .text("no such note", status: 404)
        }
        return try .json(Note(id: id, text: "note \(id)"))
      }
      for method in [ServerRequest.Method.post, .put, .patch] {
        Route(method, "/notes") { request in
          try .json(try request.decode(Note.self), status: 201)
        }
      }
      Route(.delete, "/notes/{id}") { _ in .status(204) }
      Route(.get, "/bytes/{count}") { request in
        let count = request.parameters["count"].flatMap { Int($0) } ?? 0
        return ServerResponse(body: Data(repeating: 0x61, count: count))
      }
      Route(.get, "/page") { _ in
        ServerResponse(headers: ["Content-Type": "text/html"], body: Data("<p>log in</p>".utf8))
      }
      Route(.get, "/moved") { _ in .status(302, headers: ["Location": "/notes/7"]) }
      Route(.get, "/echo") { request in
        .text(
          ["x-token", "accept", "x-two"].map { request.headers[$0] ?? "-" }.joined(separator: "|")
            + "|" + request.query.items.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        )
      }
    }
  }

  func request(_ path: String, _ method: String = "GET", body: String? = nil) -> URLRequest {
    var request = URLRequest(url: url.appendingPathComponent(path))
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    return request
  }
}

extension URLSession {
  /// A session of its own, so that tests do not share connections.
  static func fresh() -> URLSession { URLSession(configuration: .ephemeral) }
}

/// Three attempts without a pause.
func threeAttempts() -> Retry { Retry(attempts: 3, backoff: .none) }
