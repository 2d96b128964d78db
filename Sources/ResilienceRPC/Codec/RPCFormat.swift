/// How messages are written as bytes: its name as it stands in content types.
public struct RPCFormat: Hashable, Sendable, CustomStringConvertible {
  /// The name, such as `json`.
  public let name: String

  /// Creates a format of another name, for messages that write themselves.
  ///
  /// - Parameter name: The name; a token in lower case.
  public init(_ name: String) {
    self.name = name
  }

  /// The JSON mapping of protobuf: readable, and larger.
  public static let json = RPCFormat("json")

  /// The binary format of protobuf.
  public static let proto = RPCFormat("proto")

  /// The name.
  public var description: String { name }
}
