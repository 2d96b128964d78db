/// Thrown when a message cannot be written in a format of protobuf, or bytes are none.
public enum ProtoError: Error, Hashable, Sendable {
  /// The format is neither `json` nor `proto`.
  case unknownFormat(String)

  /// A coding key has no number of a field, which is in 1...536870911.
  case noFieldNumber(key: String)

  /// A type that the format has no place for, such as a list in a list.
  case unsupported(String)

  /// The bytes end within a value.
  case truncated

  /// A variable-length integer is longer than ten bytes, or does not fit.
  case invalidInteger

  /// The number of a field or its wire type is none that there may be.
  case invalidTag(UInt64)

  /// A group ends that has not begun.
  case unexpectedGroupEnd

  /// A string is no UTF-8.
  case invalidText

  /// A number is beyond what its Swift type holds.
  case outOfRange(type: String)

  /// A closed enumeration has no such value.
  case unknownEnumValue(type: String, value: String)

  /// Messages are nested deeper than 100.
  case tooDeep
}
