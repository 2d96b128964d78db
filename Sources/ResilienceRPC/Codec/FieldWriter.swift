/// Takes values on their way out: the part of an encoding container that a format decides.
protocol ValueSink {
  /// Writes a value.
  ///
  /// - Parameters:
  ///   - value: What to write.
  ///   - key: Where to; of no meaning for elements and single values.
  ///   - isPresent: Whether it was optional, so that even a zero is news.
  /// - Throws: ``ProtoError``, and what the value throws.
  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws

  /// What writes a value that opens its container itself.
  func encoder(for key: any CodingKey) -> any Encoder
}

/// A container with keys whose values all go to a sink.
struct FieldWriter<Key: CodingKey, Sink: ValueSink>: KeyedEncodingContainerProtocol {
  let codingPath: [any CodingKey] = []
  private let sink: Sink

  init(_ sink: Sink) {
    self.sink = sink
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type,
    forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    sink.encoder(for: key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    sink.encoder(for: key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    RefusingEncoder(error: .unsupported("a superclass that is encoded on its own"))
  }

  func superEncoder(forKey key: Key) -> any Encoder { sink.encoder(for: key) }

  func encodeNil(forKey key: Key) {}

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let optional = T.self as? any OptionalValue.Type
    if let optional, optional.isNil(value) { return }
    try sink.put(value, key: key, isPresent: optional != nil)
  }

  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }
}

// The protocol has a requirement for each basic type, and each is the same here.
extension FieldWriter {
  func encode(_ value: Bool, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: String, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: String?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Double, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Float, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Float?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Int, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Int8, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Int16, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Int32, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: Int64, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: UInt, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: UInt8, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: UInt16, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: UInt32, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }

  func encode(_ value: UInt64, forKey key: Key) throws {
    try sink.put(value, key: key, isPresent: false)
  }

  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
    if let value { try sink.put(value, key: key, isPresent: true) }
  }
}
