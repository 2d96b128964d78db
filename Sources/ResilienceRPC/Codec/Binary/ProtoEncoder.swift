/// Writes one value: a whole message, or what stands in a field of one.
final class ProtoEncoder: Encoder {
  /// Where the value goes.
  private enum Place {
    case root(MessageNode)
    /// A field of a message; what is present is written even if it is zero.
    case field(MessageNode, Int, isPresent: Bool)
  }

  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let place: Place
  /// Whether the value has shown that it is no message without a field.
  private(set) var hasBegun = false

  init(root: MessageNode) {
    place = .root(root)
  }

  init(_ node: MessageNode, field: Int, isPresent: Bool) {
    place = .field(node, field, isPresent: isPresent)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    hasBegun = true
    switch place {
    case .root(let node):
      return KeyedEncodingContainer(FieldWriter(MessageSink(node: node)))
    case .field(let node, let field, _):
      do throws(ProtoError) {
        return KeyedEncodingContainer(
          FieldWriter(MessageSink(node: try node.addMessage(field)))
        )
      } catch {
        return KeyedEncodingContainer(FieldWriter(RefusingSink(error: error)))
      }
    }
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    hasBegun = true
    switch place {
    case .root: return ElementWriter(RefusingSink(error: .unsupported("a list that is no field")))
    case .field(let node, let field, _): return ElementWriter(ListSink(node: node, field: field))
    }
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    hasBegun = true
    switch place {
    case .root:
      return ValueWriter(RefusingSink(error: .unsupported("a value that is no message")))
    case .field(let node, let field, let isPresent):
      return ValueWriter(SingleSink(node: node, field: field, isPresent: isPresent))
    }
  }
}

extension MessageNode {
  /// Adds a value as a field.
  func put(_ value: some Encodable, field: Int, isPresent: Bool) throws {
    if let scalar = value as? any ProtoScalar {
      guard isPresent || !scalar.isZero else { return }
      add { $0.put(scalar, field: field) }
    } else if let value = value as? any ProtoEnum {
      try put(value.rawValue, field: field, isPresent: isPresent)
    } else if let map = value as? any ProtoMapWriting {
      try map.write(to: self, field: field)
    } else {
      try refuseWithoutMapping(type(of: value))
      let encoder = ProtoEncoder(self, field: field, isPresent: isPresent)
      try value.encode(to: encoder)
      if !encoder.hasBegun { _ = try addMessage(field) }
    }
  }
}

extension WireWriter {
  fileprivate mutating func put<Scalar: ProtoScalar>(_ scalar: Scalar, field: Int) {
    tag(field, Scalar.wireType)
    scalar.write(to: &self)
  }
}

/// The fields of a message.
struct MessageSink: ValueSink {
  let node: MessageNode

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    try node.put(value, field: try key.fieldNumber, isPresent: isPresent)
  }

  func encoder(for key: any CodingKey) -> any Encoder {
    do throws(ProtoError) {
      return ProtoEncoder(node, field: try key.fieldNumber, isPresent: true)
    } catch {
      return RefusingEncoder(error: error)
    }
  }
}

/// The elements of a list.
final class ListSink: ValueSink {
  private let node: MessageNode
  private let field: Int
  private var run: PackedRun?

  init(node: MessageNode, field: Int) {
    self.node = node
    self.field = field
  }

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    if let value = value as? any ProtoEnum {
      try put(value.rawValue, key: key, isPresent: true)
    } else if let scalar = value as? any ProtoScalar, type(of: scalar).wireType != .bytes {
      let run = self.run ?? node.addPacked(field)
      self.run = run
      scalar.write(to: &run.writer)
    } else if value is any ProtoMapWriting {
      throw ProtoError.unsupported("a map in a list")
    } else if value is any ProtoScalar {
      try node.put(value, field: field, isPresent: true)
    } else {
      try refuseWithoutMapping(Value.self)
      let encoder = ElementEncoder(node: node, field: field, list: self)
      try value.encode(to: encoder)
      if !encoder.hasBegun { _ = try node.addMessage(field) }
    }
  }

  func encoder(for key: any CodingKey) -> any Encoder {
    ElementEncoder(node: node, field: field, list: self)
  }
}

/// Writes an element of a list that is neither scalar nor map: a message, or a raw value.
private final class ElementEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let message: ProtoEncoder
  private let list: ListSink
  private var isSingle = false

  init(node: MessageNode, field: Int, list: ListSink) {
    message = ProtoEncoder(node, field: field, isPresent: true)
    self.list = list
  }

  var hasBegun: Bool { isSingle || message.hasBegun }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    message.container(keyedBy: type)
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    isSingle = true
    return ElementWriter(RefusingSink(error: .unsupported("a list in a list")))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    isSingle = true
    return ValueWriter(list)
  }
}

/// The one value of a field.
struct SingleSink: ValueSink {
  let node: MessageNode
  let field: Int
  let isPresent: Bool

  func put<Value: Encodable>(_ value: Value, key: any CodingKey, isPresent: Bool) throws {
    try node.put(value, field: field, isPresent: self.isPresent)
  }

  func encoder(for key: any CodingKey) -> any Encoder {
    ProtoEncoder(node, field: field, isPresent: isPresent)
  }
}

extension CodingKey {
  /// The number of the field that the key stands for.
  var fieldNumber: Int {
    get throws(ProtoError) {
      guard let number = intValue, WireWriter.fieldNumbers.contains(number) else {
        throw .noFieldNumber(key: stringValue)
      }
      return number
    }
  }
}
