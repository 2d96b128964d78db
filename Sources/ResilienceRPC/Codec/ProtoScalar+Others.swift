internal import Foundation

extension Bool: ProtoMapKey {
  var jsonKey: String { description }

  init?(jsonKey: String) { self.init(jsonKey) }

  static var wireType: WireType { .varint }
  static var zero: Bool { false }
  var isZero: Bool { !self }

  func write(to writer: inout WireWriter) { writer.varint(self ? 1 : 0) }

  init(_ payload: WirePayload) throws(ProtoError) { self = try payload.integer != 0 }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    try container.encode(self)
  }

  init(json container: any SingleValueDecodingContainer) throws {
    self = try container.decode(Bool.self)
  }
}

extension Double: ProtoScalar {
  static var wireType: WireType { .fixed64 }
  static var zero: Double { 0 }
  /// Minus zero is not: it has another bit pattern.
  var isZero: Bool { bitPattern == 0 }

  func write(to writer: inout WireWriter) { writer.fixed64(bitPattern) }

  init(_ payload: WirePayload) throws(ProtoError) { self.init(bitPattern: try payload.integer) }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    if let name = nameOfSpecial { try container.encode(name) } else { try container.encode(self) }
  }

  init(json container: any SingleValueDecodingContainer) throws {
    guard let text = try? container.decode(String.self) else {
      self = try container.decode(Double.self)
      return
    }
    switch text {
    case "NaN": self = .nan
    case "Infinity": self = .infinity
    case "-Infinity": self = -.infinity
    default:
      guard JSONNumber(text) != nil, let value = Double(text), value.isFinite else {
        throw ProtoError.outOfRange(type: "Double")
      }
      self = value
    }
  }
}

extension Float: ProtoScalar {
  static var wireType: WireType { .fixed32 }
  static var zero: Float { 0 }
  /// Minus zero is not: it has another bit pattern.
  var isZero: Bool { bitPattern == 0 }

  func write(to writer: inout WireWriter) { writer.fixed32(bitPattern) }

  init(_ payload: WirePayload) throws(ProtoError) {
    self.init(bitPattern: UInt32(truncatingIfNeeded: try payload.integer))
  }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    if let name = nameOfSpecial { try container.encode(name) } else { try container.encode(self) }
  }

  init(json container: any SingleValueDecodingContainer) throws {
    let wide = try Double(json: container)
    let value = Float(wide)
    guard value.isFinite || !wide.isFinite else { throw ProtoError.outOfRange(type: "Float") }
    self = value
  }
}

extension BinaryFloatingPoint {
  /// How JSON names what has no digits; `nil` for any other number.
  fileprivate var nameOfSpecial: String? {
    if isNaN { return "NaN" }
    if isInfinite { return sign == .minus ? "-Infinity" : "Infinity" }
    return nil
  }
}

extension String: ProtoMapKey {
  var jsonKey: String { self }

  init?(jsonKey: String) { self = jsonKey }

  static var wireType: WireType { .bytes }
  static var zero: String { "" }
  var isZero: Bool { isEmpty }

  func write(to writer: inout WireWriter) { writer.bytes(utf8) }

  init(_ payload: WirePayload) throws(ProtoError) {
    guard let text = String(validating: try payload.bytes, as: UTF8.self) else {
      throw .invalidText
    }
    self = text
  }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    try container.encode(self)
  }

  init(json container: any SingleValueDecodingContainer) throws {
    self = try container.decode(String.self)
  }
}

extension Data: ProtoScalar {
  static var wireType: WireType { .bytes }
  static var zero: Data { Data() }
  var isZero: Bool { isEmpty }

  func write(to writer: inout WireWriter) { writer.bytes(self) }

  init(_ payload: WirePayload) throws(ProtoError) { self.init(try payload.bytes) }

  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws {
    try container.encode(Base64.encode(self, padded: true))
  }

  init(json container: any SingleValueDecodingContainer) throws {
    guard let bytes = Base64.decode(try container.decode(String.self)) else {
      throw ProtoError.invalidText
    }
    self = bytes
  }
}
