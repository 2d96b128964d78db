public import Foundation

/// The binary format of protobuf, for `Codable` types whose coding keys are numbers of fields.
///
/// | In the schema | In Swift |
/// | --- | --- |
/// | `int32`, `int64`, `uint32`, `uint64` | `Int32`, `Int64`, `UInt32`, `UInt64`; `Int` is `int64`, `UInt` is `uint64` |
/// | `sint32`, `sint64` | ``ZigZag`` |
/// | `fixed32`, `fixed64`, `sfixed32`, `sfixed64` | ``Fixed`` |
/// | `bool`, `float`, `double`, `string` | `Bool`, `Float`, `Double`, `String` |
/// | `bytes` | `Data` |
/// | an enumeration | ``ProtoEnum``, or any `enum` with raw values of an integer |
/// | a message | a `Codable` type |
/// | `optional`, a message that may be absent, a member of a `oneof` | an `Optional` |
/// | `repeated` | an `Array`; numbers are packed when written, and read both ways |
/// | `map` | a `Dictionary` |
///
/// The members of a `oneof` are independent here: to set one does not unset another, and of several that
/// were sent all are read. Of the well-known types there is ``RPCEmpty``; the others are messages to
/// declare. `Date`, `Duration`, `URL`, `Decimal` and maps with other keys than text, integers and `Bool`
/// are refused, since they are `Codable` in a form that no peer knows.
///
/// A field that was not sent has its zero value, unless it is `Optional`; a zero value is not sent,
/// unless it is. Fields that are not known are skipped; those of another wire type are as if they had
/// not been sent. A message that is sent in pieces is merged. Nesting is bounded to 100. What is
/// written is the same for equal values, maps included; but a `Set` is written in no fixed order.
///
/// ## Source
/// [Protocol Buffers, Encoding](https://protobuf.dev/programming-guides/encoding/).
public enum ProtoBinary {
  /// Writes a message.
  ///
  /// - Parameter message: A value with coding keys that are numbers of fields.
  /// - Returns: The bytes.
  /// - Throws: ``ProtoError`` for a type that the format has no place for; what the type throws.
  public static func encode(_ message: some Encodable) throws -> Data {
    let root = MessageNode(depth: 0)
    try message.encode(to: ProtoEncoder(root: root))
    return Data(root.serialized())
  }

  /// Reads a message.
  ///
  /// - Parameters:
  ///   - type: The type of the message.
  ///   - bytes: What was received; to be bounded by the caller.
  /// - Returns: The message.
  /// - Throws: ``ProtoError`` for bytes that are none; what the type throws.
  /// - Complexity: O(n) in the number of bytes for a type that does not contain itself.
  public static func decode<Message: Decodable>(
    _ type: Message.Type = Message.self,
    from bytes: Data
  ) throws -> Message {
    try Message(from: ProtoDecoder([.bytes(ArraySlice(bytes))], depth: 0))
  }
}
