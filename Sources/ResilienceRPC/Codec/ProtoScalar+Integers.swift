internal import Foundation

/// An integer that is written with as many bytes as it needs.
protocol ProtoInteger: ProtoMapKey, FixedWidthInteger, LosslessStringConvertible {
  /// Whether JSON writes it as text, because numbers there lose precision.
  static var isText: Bool { get }

  /// What a reader makes of 64 bits.
  init(wire: UInt64) throws(ProtoError)
}

extension ProtoInteger {
  static var wireType: WireType { .varint }
  static var zero: Self { 0 }
  var isZero: Bool { self == 0 }

  func write(to writer: inout WireWriter) {
    // A negative one is written with its sign extended, ten bytes long.
    writer.varint(UInt64(truncatingIfNeeded: Int64(truncatingIfNeeded: self)))
  }

  init(_ payload: WirePayload) throws(ProtoError) { try self.init(wire: payload.integer) }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    if Self.isText { try container.encode(description) } else { try container.encode(self) }
  }

  init(json container: any SingleValueDecodingContainer) throws {
    // As it is written first: what is tried in vain costs an error.
    if !Self.isText, let value = try? container.decode(Self.self) {
      self = value
      return
    }
    let number: String
    if let text = try? container.decode(String.self) {
      number = text
    } else if Self.isText, let value = try? container.decode(Self.self) {
      self = value
      return
    } else {
      // With a point or an exponent; a `Double` would not keep all digits.
      number = "\(try container.decode(Decimal.self))"
    }
    guard let value = JSONNumber(number)?.integer(Self.self) else {
      throw ProtoError.outOfRange(type: "\(Self.self)")
    }
    self = value
  }

  var jsonKey: String { description }

  init?(jsonKey: String) {
    guard let value = JSONNumber(jsonKey)?.integer(Self.self) else { return nil }
    self = value
  }
}

extension Int32: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) { self.init(truncatingIfNeeded: wire) }
}

extension UInt32: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) { self.init(truncatingIfNeeded: wire) }

  func write(to writer: inout WireWriter) { writer.varint(UInt64(self)) }
}

extension Int64: ProtoInteger {
  static var isText: Bool { true }

  init(wire: UInt64) { self.init(bitPattern: wire) }
}

extension UInt64: ProtoInteger {
  static var isText: Bool { true }

  init(wire: UInt64) { self = wire }
}

extension Int: ProtoInteger {
  static var isText: Bool { true }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = Int(exactly: Int64(bitPattern: wire)) else { throw .outOfRange(type: "Int") }
    self = value
  }
}

extension UInt: ProtoInteger {
  static var isText: Bool { true }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = UInt(exactly: wire) else { throw .outOfRange(type: "UInt") }
    self = value
  }
}

// Schemas have no integers of 8 and 16 bits: these stand for `int32` and `uint32`, within their range.

extension Int8: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = Int8(exactly: Int32(wire: wire)) else { throw .outOfRange(type: "Int8") }
    self = value
  }
}

extension Int16: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = Int16(exactly: Int32(wire: wire)) else { throw .outOfRange(type: "Int16") }
    self = value
  }
}

extension UInt8: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = UInt8(exactly: UInt32(wire: wire)) else { throw .outOfRange(type: "UInt8") }
    self = value
  }
}

extension UInt16: ProtoInteger {
  static var isText: Bool { false }

  init(wire: UInt64) throws(ProtoError) {
    guard let value = UInt16(exactly: UInt32(wire: wire)) else { throw .outOfRange(type: "UInt16") }
    self = value
  }
}
