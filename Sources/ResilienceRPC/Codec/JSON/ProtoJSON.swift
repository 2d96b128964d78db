public import Foundation

/// The JSON mapping of protobuf, for any `Codable` type.
///
/// Names are the coding keys, in lower camel case as a rule. Written: integers of 64 bits as text,
/// bytes as base64, an enumeration as its name, what is not finite as `"NaN"`, `"Infinity"` and
/// `"-Infinity"`; keys in alphabetical order; zero values only where they are `Optional`. Read: any
/// form that the mapping allows, numbers as text or not, with a point or an exponent, and with all
/// their digits, base64 of either alphabet, names as the schema or the mapping has them; what is
/// missing or `null` is zero, unless it is `Optional`; names that are not known are skipped. Nesting is
/// bounded to 100. The table of ``ProtoBinary`` says which Swift type stands for which type of a
/// schema. Well-known types have no form of their own here: that of
/// `google.protobuf.Timestamp`, for one, is text, which a `String` can hold.
///
/// The name of a field `user_id` is `userId`: a key in Swift's own style, `userID`, never meets it, so
/// that it is zero when read and not known to the peer when written.
///
/// ## Source
/// [ProtoJSON Format](https://protobuf.dev/programming-guides/json/).
public enum ProtoJSON {
  /// Writes a message.
  ///
  /// - Parameter message: The message.
  /// - Returns: The text as UTF-8, on one line.
  /// - Throws: ``ProtoError`` for a type that the format has no place for; what the type throws.
  public static func encode(_ message: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(JSONOut(value: message))
  }

  /// Reads a message.
  ///
  /// - Parameters:
  ///   - type: The type of the message.
  ///   - text: What was received; to be bounded by the caller.
  /// - Returns: The message.
  /// - Throws: ``ProtoError`` for a value that is none of its type; `DecodingError` for what is no
  ///   JSON; what the type throws.
  public static func decode<Message: Decodable>(
    _ type: Message.Type = Message.self,
    from text: Data
  ) throws -> Message {
    try JSONDecoder().decode(JSONIn<Message>.self, from: text).value
  }
}
