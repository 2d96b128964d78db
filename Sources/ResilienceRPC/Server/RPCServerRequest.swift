public import Foundation

/// A request of HTTP as an ``RPCServer`` takes it, from whatever server receives it.
public struct RPCServerRequest: Sendable {
  /// The method of HTTP, such as `POST`.
  public let method: String

  /// The path, percent-encoded, beginning with a slash, without the query.
  public let path: String

  /// The decoded items of the query, in order.
  public let query: [(name: String, value: String)]

  /// The header fields.
  public let headers: RPCMetadata

  /// The body, whole and bounded.
  public let body: Data

  /// Creates a request.
  public init(
    method: String,
    path: String,
    query: [(name: String, value: String)] = [],
    headers: RPCMetadata,
    body: Data
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}

/// A response of HTTP as an ``RPCServer`` gives it.
public struct RPCServerResponse: Sendable {
  /// Writes a body piece by piece; each piece is waited for, so a slow client slows the writer.
  public typealias Writer = @Sendable (_ piece: Data) async throws -> Void

  /// The body.
  public enum Body: Sendable {
    /// All of it.
    case whole(Data)
    /// Pieces, written until this returns. It never throws: what goes wrong stands in the last piece.
    case pieces(@Sendable (_ write: @escaping Writer) async -> Void)
  }

  /// The status.
  public let status: Int

  /// The header fields.
  public let headers: RPCMetadata

  /// The body.
  public let body: Body

  /// The body as a whole; of pieces, all of them, which is for servers that cannot send pieces.
  public func wholeBody() async -> Data {
    switch body {
    case .whole(let bytes):
      return bytes
    case .pieces(let produce):
      let collected = CollectedPieces()
      await produce { await collected.append($0) }
      return await collected.bytes
    }
  }
}

private actor CollectedPieces {
  private(set) var bytes = Data()

  func append(_ piece: Data) { bytes.append(piece) }
}
