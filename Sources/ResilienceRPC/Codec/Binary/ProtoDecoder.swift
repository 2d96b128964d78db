/// Reads one value from what was received for it: the pieces of a message, or a field's payloads.
struct ProtoDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let payloads: [WirePayload]
  private let depth: Int
  /// Whether a value that no payload can be is thrown as ``NothingFits``, to be absent.
  private let mayBeAbsent: Bool

  init(_ payloads: [WirePayload], depth: Int, mayBeAbsent: Bool = false) {
    self.payloads = payloads
    self.depth = depth
    self.mayBeAbsent = mayBeAbsent
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    if mayBeAbsent, !payloads.contains(where: { $0.wireType == .bytes }) { throw NothingFits() }
    let fields = try WireReader.fields(of: pieces, depth: depth)
    return KeyedDecodingContainer(FieldReader(MessageSource(fields: fields, depth: depth)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    ElementReader(ListSource(payloads, depth: depth))
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ValueReader(SingleSource(payloads: payloads, depth: depth, mayBeAbsent: mayBeAbsent))
  }

  /// The pieces of a message are merged by putting one behind the other.
  private var pieces: ArraySlice<UInt8> {
    let all = payloads.compactMap { payload -> ArraySlice<UInt8>? in
      guard case .bytes(let bytes) = payload else { return nil }
      return bytes
    }
    return all.count == 1 ? all[0] : ArraySlice(all.joined())
  }
}

/// What was received for a field is none of its type: the field is as if it had not been sent.
private struct NothingFits: Error {}

extension ProtoScalar {
  /// The last value of the right wire type; `nil` if there is none.
  static func read(_ payloads: [WirePayload]) throws(ProtoError) -> Self? {
    guard let payload = payloads.last(where: { $0.wireType == wireType }) else { return nil }
    return try Self(payload)
  }
}

/// Reads the value of a field.
///
/// - Returns: The value, or `nil` if nothing that was received for the field can be one.
func protoValue<Value: Decodable>(
  _ type: Value.Type,
  _ payloads: [WirePayload],
  depth: Int
) throws -> Value? {
  if let scalar = type as? any ProtoScalar.Type {
    return try scalar.read(payloads) as? Value
  }
  if let type = type as? any ProtoEnum.Type {
    return try Int32.read(payloads).map { try type.value($0) } as? Value
  }
  if let map = type as? any ProtoMapReading.Type {
    return try map.init(payloads, depth: depth) as? Value
  }
  if let list = type as? any ProtoListReading.Type {
    return try list.init(payloads, depth: depth) as? Value
  }
  try refuseWithoutMapping(type)
  do {
    return try Value(from: ProtoDecoder(payloads, depth: depth + 1, mayBeAbsent: true))
  } catch is NothingFits {
    return nil
  }
}

/// The value of a field that was not sent.
func protoDefault<Value: Decodable>(_ type: Value.Type, depth: Int) throws -> Value {
  // A class that holds another of its kind has no such value.
  guard depth <= WireReader.deepest else { throw ProtoError.tooDeep }
  if let scalar = type as? any ProtoScalar.Type, let zero = scalar.zero as? Value { return zero }
  if let type = type as? any ProtoEnum.Type, let zero = try type.value(0) as? Value { return zero }
  try refuseWithoutMapping(type)
  return try Value(from: ProtoDecoder([], depth: depth + 1))
}

/// The fields of a message.
struct MessageSource: ValueSource {
  let fields: [Int: [WirePayload]]
  let depth: Int

  var keys: [any CodingKey] { fields.keys.sorted().map { FieldKey($0) } }

  func contains(_ key: any CodingKey) -> Bool {
    key.intValue.flatMap { fields[$0] } != nil
  }

  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value? {
    guard let payloads = fields[try key.fieldNumber] else { return nil }
    return try protoValue(type, payloads, depth: depth)
  }

  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try protoDefault(type, depth: depth)
  }

  func decoder(for key: any CodingKey) throws -> any Decoder {
    ProtoDecoder(fields[try key.fieldNumber] ?? [], depth: depth + 1)
  }
}

/// The one value of a field.
struct SingleSource: ValueSource {
  let payloads: [WirePayload]
  let depth: Int
  let mayBeAbsent: Bool

  var keys: [any CodingKey] { [] }

  func contains(_ key: any CodingKey) -> Bool { !payloads.isEmpty }

  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value? {
    if payloads.isEmpty { return nil }
    let value = try protoValue(type, payloads, depth: depth)
    if value == nil, mayBeAbsent { throw NothingFits() }
    return value
  }

  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try protoDefault(type, depth: depth)
  }

  func decoder(for key: any CodingKey) throws -> any Decoder {
    ProtoDecoder(payloads, depth: depth, mayBeAbsent: mayBeAbsent)
  }
}
