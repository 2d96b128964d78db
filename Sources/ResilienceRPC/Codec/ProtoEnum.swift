/// An enumeration of a schema.
///
/// In the binary format it is a number, in JSON a name; both are read from JSON. A Swift `enum` is
/// closed: a value that it does not have is ``ProtoError/unknownEnumValue(type:value:)``. A `struct`
/// is open, as enumerations of proto3 are, and keeps what a newer peer sends:
///
/// ```swift
/// struct Role: ProtoEnum {
///   let rawValue: Int32
///   static let admin = Role(rawValue: 1)
///   static let names: [Int32: String] = [0: "ROLE_UNSPECIFIED", 1: "ROLE_ADMIN"]
/// }
/// ```
public protocol ProtoEnum: RawRepresentable<Int32>, Codable, Hashable, Sendable {
  /// The names of the values in the schema.
  static var names: [Int32: String] { get }
}

extension ProtoEnum {
  /// The value of a number.
  static func value(_ number: Int32) throws(ProtoError) -> Self {
    guard let value = Self(rawValue: number) else {
      throw .unknownEnumValue(type: "\(Self.self)", value: "\(number)")
    }
    return value
  }

  /// The value of a name.
  static func value(named name: String) throws(ProtoError) -> Self {
    guard let number = names.first(where: { $0.value == name })?.key else {
      throw .unknownEnumValue(type: "\(Self.self)", value: name)
    }
    return try value(number)
  }
}
