public import Foundation

/// What a handler answers.
///
/// The server itself says how long the body is and whether the connection stays open; a
/// `Content-Length` or `Transfer-Encoding` given here is left out. A `Connection: close` given here
/// closes the connection. There is no `Date`, so that equal answers are equal bytes.
public struct ServerResponse: Sendable, Equatable {
  /// The status code; one outside 200...999 is answered as 500.
  public var status: Int

  /// The header fields, in order.
  public var headers: ServerHeaders

  /// The body; not sent where the protocol allows none (`HEAD`, 204, 304).
  public var body: Data

  /// Writes the body while it is sent; `nil` where it is whole.
  var stream: ServerBodyStream?

  /// The status that is sent.
  var sentStatus: Int { (200...999).contains(status) ? status : 500 }

  /// Creates a response from its parts.
  public init(status: Int = 200, headers: ServerHeaders = [:], body: Data = Data()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A response with a status and nothing else.
  public static func status(_ status: Int, headers: ServerHeaders = [:]) -> Self {
    Self(status: status, headers: headers)
  }

  /// A response with a plain text.
  public static func text(_ text: String, status: Int = 200) -> Self {
    Self(
      status: status,
      headers: ["Content-Type": "text/plain; charset=utf-8"],
      body: Data(text.utf8)
    )
  }

  /// A response with a value encoded as JSON, keys in alphabetical order.
  ///
  /// - Parameters:
  ///   - value: What to encode.
  ///   - status: The status code.
  /// - Returns: The response.
  /// - Throws: The encoder's `EncodingError`.
  public static func json(_ value: some Encodable, status: Int = 200) throws -> Self {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Self(
      status: status,
      headers: ["Content-Type": "application/json"],
      body: try encoder.encode(value)
    )
  }
}
