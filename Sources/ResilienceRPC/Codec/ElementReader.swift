/// Gives the elements of a list on their way in, one after the other.
protocol ElementSource {
  var isAtEnd: Bool { get }

  /// How many elements there are, if that is known.
  var count: Int? { get }

  /// Reads the next element; `nil` if there is none of the type.
  func take<Value: Decodable>(_ type: Value.Type) throws -> Value?

  /// What reads an element that opens its container itself.
  func decoder() throws -> any Decoder
}

/// A container without keys whose elements all come from a source.
struct ElementReader<Source: ElementSource>: UnkeyedDecodingContainer {
  let codingPath: [any CodingKey] = []
  private(set) var currentIndex = 0
  private let source: Source

  init(_ source: Source) {
    self.source = source
  }

  var count: Int? { source.count }

  var isAtEnd: Bool { source.isAtEnd }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    guard let value = try source.take(type) else { throw ProtoError.truncated }
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try superDecoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try superDecoder().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    currentIndex += 1
    return try source.decoder()
  }
}

/// A container of one value that comes from a source.
struct ValueReader<Source: ValueSource>: SingleValueDecodingContainer {
  let codingPath: [any CodingKey] = []
  private let source: Source

  init(_ source: Source) {
    self.source = source
  }

  func decodeNil() -> Bool { !source.contains(FieldKey(0)) }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try source.take(type, key: FieldKey(0)) ?? source.absent(type)
  }
}
