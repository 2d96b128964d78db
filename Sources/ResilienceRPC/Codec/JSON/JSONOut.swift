/// A value as the JSON mapping writes it, for `JSONEncoder`.
struct JSONOut<Value: Encodable>: Encodable {
  let value: Value

  func encode(to encoder: any Encoder) throws {
    if let scalar = value as? any ProtoScalar {
      var container = encoder.singleValueContainer()
      try scalar.encodeJSON(to: &container)
    } else if let value = value as? any ProtoEnum {
      var container = encoder.singleValueContainer()
      try value.encodeJSON(to: &container)
    } else if let map = value as? any ProtoMapWriting {
      try map.encodeJSON(to: encoder)
    } else {
      try refuseWithoutMapping(Value.self)
      try value.encode(to: JSONOutEncoder(base: encoder))
    }
  }
}

extension ProtoEnum {
  fileprivate func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    if let name = Self.names[rawValue] {
      try container.encode(name)
    } else {
      try container.encode(rawValue)
    }
  }

  fileprivate var isZero: Bool { rawValue == 0 }
}

/// The encoder of `JSONEncoder`, with every value wrapped.
private struct JSONOutEncoder: Encoder {
  let base: any Encoder

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FieldWriter(JSONObjectSink(base.container(keyedBy: FieldKey.self))))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    ElementWriter(JSONArraySink(base.unkeyedContainer()))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    ValueWriter(JSONValueSink(encoder: base))
  }
}

private final class JSONObjectSink: ValueSink {
  private var container: KeyedEncodingContainer<FieldKey>

  init(_ container: KeyedEncodingContainer<FieldKey>) {
    self.container = container
  }

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    guard isPresent || !isZero(value) else { return }
    let key = FieldKey(stringValue: key.stringValue)
    try container.encode(JSONOut(value: value), forKey: key)
  }

  func encoder(for key: any CodingKey) -> any Encoder {
    let key = FieldKey(stringValue: key.stringValue)
    return JSONOutEncoder(base: container.superEncoder(forKey: key))
  }

  private func isZero(_ value: some Encodable) -> Bool {
    if let scalar = value as? any ProtoScalar { return scalar.isZero }
    if let value = value as? any ProtoEnum { return value.isZero }
    return (value as? any Collection)?.isEmpty ?? false
  }
}

private final class JSONArraySink: ValueSink {
  private var container: any UnkeyedEncodingContainer

  init(_ container: any UnkeyedEncodingContainer) {
    self.container = container
  }

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    try container.encode(JSONOut(value: value))
  }

  func encoder(for key: any CodingKey) -> any Encoder {
    JSONOutEncoder(base: container.superEncoder())
  }
}

private struct JSONValueSink: ValueSink {
  let encoder: any Encoder

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    var container = encoder.singleValueContainer()
    try container.encode(JSONOut(value: value))
  }

  func encoder(for key: any CodingKey) -> any Encoder { JSONOutEncoder(base: encoder) }
}
