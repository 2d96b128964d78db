/// An integer that is often negative: `sint32` or `sint64` of a schema.
///
/// It takes few bytes where the number is near zero, of whichever sign; an `int64` takes ten bytes
/// for every negative one. It stands before a property or in the place of a type:
///
/// ```swift
/// @ZigZag var delta: Int32        // sint32
/// var deltas: [ZigZag<Int64>]     // repeated sint64
/// ```
@propertyWrapper
public struct ZigZag<Value: ZigZagInteger>: Hashable, Sendable {
  /// The integer.
  public var wrappedValue: Value

  /// Wraps an integer.
  public init(wrappedValue: Value) {
    self.wrappedValue = wrappedValue
  }

  /// Wraps an integer.
  public init(_ value: Value) {
    wrappedValue = value
  }
}

/// `Int32` or `Int64`.
public protocol ZigZagInteger: FixedWidthInteger, SignedInteger, Codable, Sendable {}

extension Int32: ZigZagInteger {}
extension Int64: ZigZagInteger {}

extension ZigZag: Codable {
  /// Reads the integer; other formats than protobuf's see no wrapper.
  public init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }

  /// Writes the integer; other formats than protobuf's see no wrapper.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension ZigZag: ProtoScalar {
  static var wireType: WireType { .varint }
  static var zero: Self { Self(0) }
  var isZero: Bool { wrappedValue == 0 }

  func write(to writer: inout WireWriter) {
    let value = Int64(wrappedValue)
    writer.varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  init(_ payload: WirePayload) throws(ProtoError) {
    // Of a narrow one the lower half counts, as readers have it.
    let bits = try payload.integer
    let coded = Value.bitWidth == 32 ? bits & 0xFFFF_FFFF : bits
    self.init(Value(truncatingIfNeeded: Int64(bitPattern: coded >> 1) ^ -Int64(coded & 1)))
  }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    try (wrappedValue as? any ProtoScalar)?.encodeJSON(to: &container)
  }

  init(json container: any SingleValueDecodingContainer) throws {
    let value = try Value.bitWidth == 32 ? Int64(Int32(json: container)) : Int64(json: container)
    self.init(Value(truncatingIfNeeded: value))
  }
}

extension ZigZag: ProtoMapKey {
  var jsonKey: String { "\(wrappedValue)" }

  init?(jsonKey: String) {
    guard let value = JSONNumber(jsonKey)?.integer(Value.self) else { return nil }
    self.init(value)
  }
}
