/// A list of a schema, on its way in.
protocol ProtoListReading {
  init(_ payloads: [WirePayload], depth: Int) throws
}

extension Array: ProtoListReading where Element: Decodable {
  init(_ payloads: [WirePayload], depth: Int) throws {
    self.init()
    let source = ListSource(payloads, depth: depth)
    while let element = try source.take(Element.self) { append(element) }
  }
}

/// The elements of a list: a payload each, or many numbers packed into one.
///
/// Payloads of another wire type are skipped, as fields are.
final class ListSource: ElementSource {
  private let payloads: [WirePayload]
  private let depth: Int
  private var next = 0
  private var packed: WireReader?
  /// How often a payload or a number has been handed out.
  private var taken = 0

  init(_ payloads: [WirePayload], depth: Int) {
    self.payloads = payloads
    self.depth = depth
  }

  /// For types of a list that are not `Array`, and so have to ask before they read.
  var isAtEnd: Bool { (packed?.isAtEnd ?? true) && next >= payloads.count }

  var count: Int? { nil }

  func take<Value: Decodable>(_ type: Value.Type) throws -> Value? {
    if let scalar = type as? any ProtoScalar.Type {
      let payload = scalar.wireType == .bytes ? bytes() : try number(scalar.wireType)
      return try payload.flatMap { try scalar.read([$0]) } as? Value
    }
    if let type = type as? any ProtoEnum.Type {
      return try number(.varint).map { try type.value(Int32($0)) } as? Value
    }
    try refuseWithoutMapping(type)
    guard !isAtEnd else { return nil }
    // A type of its own: a message takes the next payload, a raw value the next number.
    let before = taken
    do {
      let value = try Value(from: ListElementDecoder(list: self, depth: depth))
      // A type without properties opens no container, but is a message all the same.
      if taken == before { guard bytes() != nil else { return nil } }
      return value
    } catch is NoElement {
      return nil
    }
  }

  func decoder() -> any Decoder { ListElementDecoder(list: self, depth: depth) }

  /// The next element that is bytes.
  fileprivate func bytes() -> WirePayload? {
    while next < payloads.count {
      next += 1
      guard payloads[next - 1].wireType == .bytes else { continue }
      taken += 1
      return payloads[next - 1]
    }
    return nil
  }

  /// The next number, out of a packed payload or on its own.
  private func number(_ type: WireType) throws(ProtoError) -> WirePayload? {
    while true {
      if var reader = packed, !reader.isAtEnd {
        // Copied out and back, since it is optional.
        packed = nil
        let payload = try reader.payload(type)
        packed = reader
        taken += 1
        return payload
      }
      guard next < payloads.count else { return nil }
      next += 1
      switch payloads[next - 1] {
      case .bytes(let bytes): packed = WireReader(bytes)
      case let payload where payload.wireType == type:
        taken += 1
        return payload
      case .varint, .fixed32, .fixed64: continue
      }
    }
  }
}

/// There is no further element of the type.
private struct NoElement: Error {}

/// Reads an element of a list that is neither scalar nor enumeration of a schema.
private struct ListElementDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let list: ListSource
  let depth: Int

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let payload = list.bytes() else { throw NoElement() }
    return try ProtoDecoder([payload], depth: depth + 1).container(keyedBy: type)
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw ProtoError.unsupported("a list in a list")
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ValueReader(ListElementSource(list: list))
  }
}

private struct ListElementSource: ValueSource {
  let list: ListSource

  var keys: [any CodingKey] { [] }

  func contains(_ key: any CodingKey) -> Bool { !list.isAtEnd }

  func take<Value: Decodable>(_ type: Value.Type, key: any CodingKey) throws -> Value? {
    guard let value = try list.take(type) else { throw NoElement() }
    return value
  }

  func absent<Value: Decodable>(_ type: Value.Type) throws -> Value { throw NoElement() }

  func decoder(for key: any CodingKey) throws -> any Decoder {
    throw ProtoError.unsupported("a value within a value")
  }
}
