/// An integer of fixed length: `fixed32`, `fixed64`, `sfixed32` or `sfixed64` of a schema.
///
/// It suits numbers that are often large, such as hashes. It stands before a property or in the
/// place of a type:
///
/// ```swift
/// @Fixed var hash: UInt64         // fixed64
/// var offsets: [Fixed<Int32>]     // repeated sfixed32
/// ```
@propertyWrapper
public struct Fixed<Value: FixedInteger>: Hashable, Sendable {
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

/// `Int32`, `Int64`, `UInt32` or `UInt64`.
public protocol FixedInteger: FixedWidthInteger, Codable, Sendable {}

extension Int32: FixedInteger {}
extension Int64: FixedInteger {}
extension UInt32: FixedInteger {}
extension UInt64: FixedInteger {}

extension Fixed: Codable {
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

extension Fixed: ProtoScalar {
  static var wireType: WireType { Value.bitWidth == 32 ? .fixed32 : .fixed64 }
  static var zero: Self { Self(0) }
  var isZero: Bool { wrappedValue == 0 }

  func write(to writer: inout WireWriter) {
    if Value.bitWidth == 32 {
      writer.fixed32(UInt32(truncatingIfNeeded: wrappedValue))
    } else {
      writer.fixed64(UInt64(truncatingIfNeeded: wrappedValue))
    }
  }

  init(_ payload: WirePayload) throws(ProtoError) {
    self.init(Value(truncatingIfNeeded: try payload.integer))
  }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    try (wrappedValue as? any ProtoScalar)?.encodeJSON(to: &container)
  }

  init(json container: any SingleValueDecodingContainer) throws {
    let value: Value? =
      switch (Value.bitWidth, Value.isSigned) {
      case (32, true): Value(exactly: try Int32(json: container))
      case (32, false): Value(exactly: try UInt32(json: container))
      case (_, true): Value(exactly: try Int64(json: container))
      case (_, false): Value(exactly: try UInt64(json: container))
      }
    guard let value else { throw ProtoError.outOfRange(type: "\(Value.self)") }
    self.init(value)
  }
}

extension Fixed: ProtoMapKey {
  var jsonKey: String { "\(wrappedValue)" }

  init?(jsonKey: String) {
    guard let value = JSONNumber(jsonKey)?.integer(Value.self) else { return nil }
    self.init(value)
  }
}
