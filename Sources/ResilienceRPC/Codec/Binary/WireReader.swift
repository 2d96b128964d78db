/// A value as it was received, its meaning not known yet.
enum WirePayload: Sendable {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes(ArraySlice<UInt8>)

  var wireType: WireType {
    switch self {
    case .varint: .varint
    case .fixed64: .fixed64
    case .fixed32: .fixed32
    case .bytes: .bytes
    }
  }

  /// The bits of a number.
  var integer: UInt64 {
    get throws(ProtoError) {
      switch self {
      case .varint(let value), .fixed64(let value): value
      case .fixed32(let value): UInt64(value)
      case .bytes: throw .invalidInteger
      }
    }
  }

  var bytes: ArraySlice<UInt8> {
    get throws(ProtoError) {
      guard case .bytes(let bytes) = self else { throw .invalidText }
      return bytes
    }
  }
}

/// Reads values as protobuf writes them; any bytes are either read or an error.
struct WireReader {
  /// The deepest that messages and groups may be nested, as in other readers.
  static let deepest = 100

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// All fields of a message in order of arrival, by number; groups are skipped.
  static func fields(
    of bytes: ArraySlice<UInt8>,
    depth: Int
  ) throws(ProtoError) -> [Int: [WirePayload]] {
    guard depth <= deepest else { throw .tooDeep }
    var reader = WireReader(bytes)
    var fields: [Int: [WirePayload]] = [:]
    while !reader.isAtEnd {
      let (number, type) = try reader.tag()
      switch type {
      case .groupStart: try reader.skipGroup(number, depth: depth + 1)
      case .groupEnd: throw .unexpectedGroupEnd
      case .varint, .fixed64, .bytes, .fixed32:
        fields[number, default: []].append(try reader.payload(type))
      }
    }
    return fields
  }

  mutating func payload(_ type: WireType) throws(ProtoError) -> WirePayload {
    switch type {
    case .varint:
      return .varint(try varint())
    case .fixed64:
      return .fixed64(try little(8))
    case .fixed32:
      return .fixed32(UInt32(truncatingIfNeeded: try little(4)))
    case .bytes:
      let length = try varint()
      guard length <= UInt64(rest.count) else { throw .truncated }
      let bytes = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      return .bytes(bytes)
    case .groupStart, .groupEnd:
      throw .unexpectedGroupEnd
    }
  }

  private mutating func varint() throws(ProtoError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw .truncated }
      // What is beyond 64 bits is dropped from the tenth byte, as other readers do.
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw .invalidInteger
  }

  private mutating func little(_ count: Int) throws(ProtoError) -> UInt64 {
    guard rest.count >= count else { throw .truncated }
    let value = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(count)
    return value
  }

  private mutating func tag() throws(ProtoError) -> (Int, WireType) {
    let tag = try varint()
    guard tag <= UInt64(UInt32.max), let type = WireType(rawValue: tag & 7), tag >> 3 >= 1 else {
      throw .invalidTag(tag)
    }
    return (Int(tag >> 3), type)
  }

  private mutating func skipGroup(_ number: Int, depth: Int) throws(ProtoError) {
    guard depth <= Self.deepest else { throw .tooDeep }
    while true {
      let (inner, type) = try tag()
      switch type {
      case .groupStart:
        try skipGroup(inner, depth: depth + 1)
      case .groupEnd:
        guard inner == number else { throw .unexpectedGroupEnd }
        return
      case .varint, .fixed64, .bytes, .fixed32:
        _ = try payload(type)
      }
    }
  }
}
