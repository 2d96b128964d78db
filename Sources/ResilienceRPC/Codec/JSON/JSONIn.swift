/// A value as the JSON mapping reads it, for `JSONDecoder`.
struct JSONIn<Value: Decodable>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= WireReader.deepest else { throw ProtoError.tooDeep }
    if let scalar = Value.self as? any ProtoScalar.Type,
      let value = try scalar.init(json: decoder.singleValueContainer()) as? Value
    {
      self.value = value
    } else if let type = Value.self as? any ProtoEnum.Type,
      let value = try type.decodeJSON(decoder.singleValueContainer()) as? Value
    {
      self.value = value
    } else if let map = Value.self as? any ProtoMapReading.Type,
      let value = try map.init(json: decoder) as? Value
    {
      self.value = value
    } else {
      try refuseWithoutMapping(Value.self)
      value = try Value(from: JSONInDecoder(base: decoder))
    }
  }
}

extension ProtoEnum {
  fileprivate static func decodeJSON(
    _ container: any SingleValueDecodingContainer
  ) throws -> Self {
    guard let name = try? container.decode(String.self) else {
      return try value(try Int32(json: container))
    }
    return try value(named: name)
  }
}

/// The decoder of `JSONDecoder`, with every value wrapped.
private struct JSONInDecoder: Decoder {
  let base: any Decoder

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let container = try base.container(keyedBy: FieldKey.self)
    return KeyedDecodingContainer(
      FieldReader(JSONObjectSource(container, depth: base.codingPath.count))
    )
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    ElementReader(JSONArraySource(try base.unkeyedContainer()))
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    ValueReader(JSONValueSource(decoder: base))
  }
}

private struct JSONObjectSource: ValueSource {
  private let container: KeyedDecodingContainer<FieldKey>
  private let depth: Int
  /// The names that there are and are not null, by how the JSON mapping writes them.
  private let names: [String: FieldKey]

  init(_ container: KeyedDecodingContainer<FieldKey>, depth: Int) {
    self.container = container
    self.depth = depth
    var names: [String: FieldKey] = [:]
    for key in container.allKeys where (try? container.decodeNil(forKey: key)) == false {
      let name = key.stringValue.inCamelCase
      // Of two spellings of a name the mapping's own counts.
      if names[name] == nil || name == key.stringValue { names[name] = key }
    }
    self.names = names
  }

  var keys: [any CodingKey] { container.allKeys }

  func contains(_ key: any CodingKey) -> Bool { name(of: key) != nil }

  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value? {
    guard let name = name(of: key) else { return nil }
    return try container.decode(JSONIn<Value>.self, forKey: name).value
  }

  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try protoDefault(type, depth: depth)
  }

  func decoder(for key: any CodingKey) throws -> any Decoder {
    let name = name(of: key) ?? FieldKey(stringValue: key.stringValue)
    return JSONInDecoder(base: try container.superDecoder(forKey: name))
  }

  /// The name under which something is there, and not null.
  private func name(of key: any CodingKey) -> FieldKey? { names[key.stringValue.inCamelCase] }
}

private final class JSONArraySource: ElementSource {
  private var container: any UnkeyedDecodingContainer

  init(_ container: any UnkeyedDecodingContainer) {
    self.container = container
  }

  var isAtEnd: Bool { container.isAtEnd }

  var count: Int? { container.count }

  func take<Value: Decodable>(_ type: Value.Type) throws -> Value? {
    try container.decode(JSONIn<Value>.self).value
  }

  func decoder() throws -> any Decoder { JSONInDecoder(base: try container.superDecoder()) }
}

private struct JSONValueSource: ValueSource {
  let decoder: any Decoder

  var keys: [any CodingKey] { [] }

  func contains(_ key: any CodingKey) -> Bool {
    (try? decoder.singleValueContainer().decodeNil()) == false
  }

  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value? {
    try decoder.singleValueContainer().decode(JSONIn<Value>.self).value
  }

  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try protoDefault(type, depth: decoder.codingPath.count)
  }

  func decoder(for key: any CodingKey) throws -> any Decoder { JSONInDecoder(base: decoder) }
}

extension String {
  /// The name as the JSON mapping makes it from that of a schema: `display_name` and `displayName` are
  /// `displayName`, `line_2_text` is `line2Text`.
  fileprivate var inCamelCase: String {
    guard utf8.contains(UInt8(ascii: "_")) else { return self }
    var name: [UInt8] = []
    var isRaised = false
    for byte in utf8 {
      if byte == UInt8(ascii: "_") {
        isRaised = true
        continue
      }
      let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      name.append(isRaised && isLower ? byte - 0x20 : byte)
      isRaised = false
    }
    return String(decoding: name, as: UTF8.self)
  }
}
