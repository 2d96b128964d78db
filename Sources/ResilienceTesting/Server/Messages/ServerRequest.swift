public import Foundation

/// A complete request as the server received it.
public struct ServerRequest: Sendable, Equatable {
  /// The method, such as `.get`.
  public let method: Method

  /// The path as it stands on the wire: percent-encoded, beginning with `/`, without the query.
  public let path: String

  /// The decoded query.
  public let query: ServerQuery

  /// The header fields, in order.
  public let headers: ServerHeaders

  /// The body, decoded if it came in chunks; empty if there was none.
  public let body: Data

  /// The decoded values of the `{name}` segments of the route that matched.
  public internal(set) var parameters: [String: String] = [:]

  /// The protocol version of the request.
  let version: HTTPVersion

  /// Decodes the body as JSON.
  ///
  /// - Parameter type: What to decode.
  /// - Returns: The decoded value.
  /// - Throws: The decoder's `DecodingError`. A handler that lets it pass answers 500.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: body)
  }

  /// Whether the client allows another request on the same connection.
  ///
  /// ## Source
  /// [RFC 9112, section 9.3](https://www.rfc-editor.org/rfc/rfc9112#section-9.3).
  var allowsKeepAlive: Bool {
    let options = headers.list("Connection")
    return switch version {
    case _ where options.contains("close"): false
    case .oneOne: true
    case .oneZero: options.contains("keep-alive")
    }
  }
}

/// The protocol versions that the server speaks.
enum HTTPVersion: Sendable {
  case oneZero, oneOne
}
