/// A map of a schema, on its way out.
protocol ProtoMapWriting {
  func write(to node: MessageNode, field: Int) throws

  func encodeJSON(to encoder: any Encoder) throws
}

/// A map of a schema, on its way in.
protocol ProtoMapReading {
  init(_ payloads: [WirePayload], depth: Int) throws

  init(json decoder: any Decoder) throws
}

extension Dictionary: ProtoMapWriting where Key: ProtoMapKey, Value: Encodable {
  /// Writes a message for each pair, in the order of the keys' bytes: equal maps are equal bytes.
  func write(to node: MessageNode, field: Int) throws {
    let pairs = map { pair in
      var writer = WireWriter()
      pair.key.write(to: &writer)
      return (bytes: writer.output, pair: pair)
    }
    for (_, pair) in pairs.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      let entry = try node.addMessage(field)
      try entry.put(pair.key, field: 1, isPresent: true)
      try entry.put(pair.value, field: 2, isPresent: true)
    }
  }

  func encodeJSON(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    for (key, value) in self {
      try container.encode(JSONOut(value: value), forKey: FieldKey(stringValue: key.jsonKey))
    }
  }
}

extension Dictionary: ProtoMapReading where Key: ProtoMapKey, Value: Decodable {
  init(_ payloads: [WirePayload], depth: Int) throws {
    self.init()
    for case .bytes(let bytes) in payloads {
      let fields = try WireReader.fields(of: bytes, depth: depth + 1)
      let key = try fields[1].flatMap { try Key.read($0) } ?? .zero
      let value = try fields[2].flatMap { try protoValue(Value.self, $0, depth: depth + 1) }
      self[key] = try value ?? protoDefault(Value.self, depth: depth + 1)
    }
  }
  init(json decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: FieldKey.self)
    for name in container.allKeys {
      guard let key = Key(jsonKey: name.stringValue) else {
        throw ProtoError.outOfRange(type: "\(Key.self)")
      }
      self[key] = try container.decode(JSONIn<Value>.self, forKey: name).value
    }
  }
}
