public import Foundation

/// A message: what a method takes or returns, and can write itself as bytes.
///
/// A `Codable` type needs nothing else. As JSON it follows protobuf's mapping; for the binary format
/// its coding keys say the numbers of the fields:
///
/// ```swift
/// struct User: Codable, RPCMessage {
///   enum CodingKeys: Int, CodingKey { case id = 1, displayName = 2, tags = 4 }
///
///   var id: Int64
///   var displayName: String
///   var tags: [String]
/// }
/// ```
///
/// ``ProtoBinary`` and ``ProtoJSON`` say which Swift type stands for which type of a schema. A type
/// of a library that writes itself, as generated code does, is joined in two lines:
///
/// ```swift
/// extension Acme_User: RPCMessage {
///   init(rpcBytes: Data, format: RPCFormat) throws { self = try .init(serializedBytes: rpcBytes) }
///   func rpcBytes(format: RPCFormat) throws -> Data { try serializedBytes() }
/// }
/// ```
public protocol RPCMessage: Sendable {
  /// Reads a message.
  ///
  /// - Parameters:
  ///   - rpcBytes: What was received, bounded by the client.
  ///   - format: The format it is in.
  /// - Throws: Any error if it is none; a client reports it as ``RPCFault/notDecodable(_:)``.
  init(rpcBytes: Data, format: RPCFormat) throws

  /// Writes the message.
  ///
  /// - Parameter format: The format to write it in.
  /// - Returns: The bytes; equal messages should have equal bytes.
  /// - Throws: Any error if it cannot be written.
  func rpcBytes(format: RPCFormat) throws -> Data
}

extension RPCMessage where Self: Codable {
  /// Reads a message with ``ProtoJSON`` or ``ProtoBinary``.
  public init(rpcBytes: Data, format: RPCFormat) throws {
    switch format {
    case .json: self = try ProtoJSON.decode(Self.self, from: rpcBytes)
    case .proto: self = try ProtoBinary.decode(Self.self, from: rpcBytes)
    default: throw ProtoError.unknownFormat(format.name)
    }
  }

  /// Writes the message with ``ProtoJSON`` or ``ProtoBinary``.
  public func rpcBytes(format: RPCFormat) throws -> Data {
    switch format {
    case .json: try ProtoJSON.encode(self)
    case .proto: try ProtoBinary.encode(self)
    default: throw ProtoError.unknownFormat(format.name)
    }
  }
}

/// The message without a field: `google.protobuf.Empty`.
public struct RPCEmpty: Codable, Hashable, RPCMessage {
  enum CodingKeys: CodingKey {}

  /// Creates the message.
  public init() {}

  /// Creates the message from whatever an object has in it.
  public init(from decoder: any Decoder) throws {
    _ = try decoder.container(keyedBy: CodingKeys.self)
  }

  /// Writes an object without a field.
  public func encode(to encoder: any Encoder) throws {
    _ = encoder.container(keyedBy: CodingKeys.self)
  }
}
