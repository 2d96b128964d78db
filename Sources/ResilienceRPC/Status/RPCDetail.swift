public import Foundation

/// A detail of an error: a protobuf message whose type is known by name.
///
/// The error model is that of `google.rpc.Status`; which details there are is between server and
/// client.
///
/// ## Source
/// [google.rpc.Status](https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto);
/// [Connect, Error and EndStreamResponse](https://connectrpc.com/docs/protocol/#error-end-stream).
public struct RPCDetail: Hashable, Sendable {
  /// The full name of the message, such as `google.rpc.RetryInfo`, without a prefix of an address.
  public let type: String

  /// The message in the binary format.
  public let bytes: Data

  /// Creates a detail.
  ///
  /// - Parameters:
  ///   - type: The full name of the message; what stands before a slash is dropped.
  ///   - bytes: The message in the binary format.
  public init(type: String, bytes: Data) {
    self.type = type.split(separator: "/").last.map(String.init) ?? type
    self.bytes = bytes
  }

  /// Reads the detail as a message.
  ///
  /// - Parameter message: The type to read.
  /// - Returns: The message.
  /// - Throws: What the type throws for bytes that it cannot read.
  public func decode<Message: RPCMessage>(_ message: Message.Type = Message.self) throws -> Message
  {
    try Message(rpcBytes: bytes, format: .proto)
  }
}
