/// A container without keys whose elements all go to a sink.
struct ElementWriter<Sink: ValueSink>: UnkeyedEncodingContainer {
  let codingPath: [any CodingKey] = []
  private(set) var count = 0
  private let sink: Sink

  init(_ sink: Sink) {
    self.sink = sink
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    superEncoder().container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    superEncoder().unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    count += 1
    return sink.encoder(for: FieldKey(count - 1))
  }

  mutating func encodeNil() throws {
    throw ProtoError.unsupported("an element that is absent")
  }

  mutating func encode<T: Encodable>(_ value: T) throws {
    try sink.put(value, key: FieldKey(count), isPresent: true)
    count += 1
  }
}

/// A container of one value that goes to a sink.
struct ValueWriter<Sink: ValueSink>: SingleValueEncodingContainer {
  let codingPath: [any CodingKey] = []
  private let sink: Sink

  init(_ sink: Sink) {
    self.sink = sink
  }

  func encodeNil() {}

  func encode<T: Encodable>(_ value: T) throws {
    try sink.put(value, key: FieldKey(0), isPresent: true)
  }
}

/// A sink for what the format has no place for; it says so as soon as it may throw.
struct RefusingSink: ValueSink {
  let error: ProtoError

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    throw error
  }

  func encoder(for key: any CodingKey) -> any Encoder { RefusingEncoder(error: error) }
}

/// An encoder that only leads to refusing sinks.
struct RefusingEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let error: ProtoError

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FieldWriter(RefusingSink(error: error)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    ElementWriter(RefusingSink(error: error))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    ValueWriter(RefusingSink(error: error))
  }
}
