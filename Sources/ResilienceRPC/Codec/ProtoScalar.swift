internal import Foundation

/// A single value that protobuf has a type for.
protocol ProtoScalar: Codable, Sendable {
  /// How it stands on the wire.
  static var wireType: WireType { get }

  /// The value that a field has that was not sent.
  static var zero: Self { get }

  /// Whether it is what a field has that was not sent, bit by bit.
  var isZero: Bool { get }

  /// Writes the value without a tag.
  func write(to writer: inout WireWriter)

  /// Reads the value, whose wire type is right.
  init(_ payload: WirePayload) throws(ProtoError)

  /// The value as `JSONEncoder` is to write it.
  func encodeJSON(to container: inout any SingleValueEncodingContainer) throws

  /// Reads the value from JSON, in each form that it may have there.
  init(json container: any SingleValueDecodingContainer) throws
}

/// A value that may be the key of a map.
protocol ProtoMapKey: ProtoScalar, Hashable {
  /// The key as it stands in JSON.
  var jsonKey: String { get }

  /// Reads a key of JSON.
  init?(jsonKey: String)
}
