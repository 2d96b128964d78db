/// Gives values on their way in: the part of a decoding container that a format decides.
protocol ValueSource {
  /// The keys that there are.
  var keys: [any CodingKey] { get }

  /// Whether anything was received for a key.
  func contains(_ key: any CodingKey) -> Bool

  /// Reads a value; `nil` if nothing was received that can be one.
  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value?

  /// The value of what was not received.
  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value

  /// What reads a value that opens its container itself.
  func decoder(for key: any CodingKey) throws -> any Decoder
}

/// A container with keys whose values all come from a source.
struct FieldReader<Key: CodingKey, Source: ValueSource>: KeyedDecodingContainerProtocol {
  let codingPath: [any CodingKey] = []
  private let source: Source

  init(_ source: Source) {
    self.source = source
  }

  var allKeys: [Key] {
    source.keys.compactMap { key in
      key.intValue.flatMap(Key.init(intValue:)) ?? Key(stringValue: key.stringValue)
    }
  }

  func contains(_ key: Key) -> Bool { source.contains(key) }

  func decodeNil(forKey key: Key) -> Bool { !source.contains(key) }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    if let optional = type as? any OptionalReading.Type,
      let value = try optional.take(from: source, key: key) as? T
    {
      return value
    }
    return try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    try source.take(type, key: key)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type,
    forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try source.decoder(for: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try source.decoder(for: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    throw ProtoError.unsupported("a superclass that is decoded on its own")
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try source.decoder(for: key) }
}

// The protocol has a requirement for each basic type, and each is the same here.
extension FieldReader {
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try source.take(type, key: key)
  }

  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try source.take(type, key: key)
  }

  func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try source.take(type, key: key)
  }

  func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
    try source.take(type, key: key)
  }

  func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try source.take(type, key: key)
  }

  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
    try source.take(type, key: key)
  }

  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
    try source.take(type, key: key)
  }

  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
    try source.take(type, key: key)
  }

  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
    try source.take(type, key: key)
  }

  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
    try source.take(type, key: key)
  }

  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
    try source.take(type, key: key)
  }

  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
    try source.take(type, key: key)
  }

  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
    try source.take(type, key: key)
  }

  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
    try source.take(type, key: key) ?? source.absent(type)
  }

  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
    try source.take(type, key: key)
  }
}
