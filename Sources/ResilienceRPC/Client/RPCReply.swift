/// What a unary call that succeeded brought back.
public struct RPCReply<Message: Sendable>: Sendable {
  /// The message.
  public let message: Message

  /// The metadata before the message, with the header fields of HTTP.
  public let headers: RPCMetadata

  /// The metadata after the message.
  public let trailers: RPCMetadata

  /// Creates a reply, to test how code bears it.
  public init(_ message: Message, headers: RPCMetadata = [:], trailers: RPCMetadata = [:]) {
    self.message = message
    self.headers = headers
    self.trailers = trailers
  }
}
