internal import Foundation

/// A value of JSON whose form is to be checked by hand, so that an error can say where it stands.
enum ConfigValue: Decodable, Hashable, Sendable {
  /// The deepest that values may be nested.
  static let deepest = 32

  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([ConfigValue])
  case object([String: ConfigValue])

  init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= Self.deepest else { throw ProtoError.tooDeep }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let list = try? decoder.unkeyedContainer() {
      self = .list(try Self.elements(of: list))
    } else {
      let container = try decoder.container(keyedBy: FieldKey.self)
      self = .object(
        try Dictionary(
          uniqueKeysWithValues: container.allKeys.map { key in
            (key.stringValue, try container.decode(ConfigValue.self, forKey: key))
          }
        )
      )
    }
  }

  private static func elements(of list: any UnkeyedDecodingContainer) throws -> [ConfigValue] {
    var list = list
    var elements: [ConfigValue] = []
    while !list.isAtEnd { elements.append(try list.decode(ConfigValue.self)) }
    return elements
  }
}

extension ConfigValue: CustomStringConvertible {
  /// The value as JSON, keys in alphabetical order.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): "“\(value)”"
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .object(let fields):
      "{\(fields.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", "))}"
    }
  }
}

/// An object of the configuration and the place where it stands.
struct ConfigObject {
  let path: String
  private let fields: [String: ConfigValue]

  init(_ value: ConfigValue, at path: String) throws(ServiceConfigError) {
    guard case .object(let fields) = value else {
      throw ServiceConfigError(path, value, allowed: "an object")
    }
    self.path = path
    self.fields = fields
  }

  func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// The value of a field; `nil` if it is missing or null.
  subscript(name: String) -> ConfigValue? {
    guard let value = fields[name], value != .null else { return nil }
    return value
  }

  func invalid(_ name: String, allowed: String) -> ServiceConfigError {
    ServiceConfigError(path(of: name), fields[name], allowed: allowed)
  }

  func object(_ name: String) throws(ServiceConfigError) -> ConfigObject? {
    guard let value = self[name] else { return nil }
    return try ConfigObject(value, at: path(of: name))
  }

  func objects(_ name: String) throws(ServiceConfigError) -> [ConfigObject] {
    guard let value = self[name] else { return [] }
    guard case .list(let values) = value else { throw invalid(name, allowed: "a list of objects") }
    var objects: [ConfigObject] = []
    for (index, value) in values.enumerated() {
      objects.append(try ConfigObject(value, at: "\(path(of: name))[\(index)]"))
    }
    return objects
  }

  func text(_ name: String) throws(ServiceConfigError) -> String {
    switch self[name] {
    case nil: return ""
    case .text(let text): return text
    default: throw invalid(name, allowed: "text")
    }
  }

  func bool(_ name: String) throws(ServiceConfigError) -> Bool {
    switch self[name] {
    case nil: return false
    case .bool(let value): return value
    default: throw invalid(name, allowed: "true or false")
    }
  }

  /// An integer, which JSON may write as text as well.
  func integer(
    _ name: String,
    in range: ClosedRange<Int>
  ) throws(ServiceConfigError) -> Int? {
    let value: Int?
    switch self[name] {
    case nil: return nil
    case .integer(let integer): value = integer
    case .number(let number): value = Int(exactly: number)
    case .text(let text): value = Int(text)
    default: value = nil
    }
    guard let value, range.contains(value) else {
      throw invalid(name, allowed: "an integer in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// A number that is more than zero.
  func positive(_ name: String) throws(ServiceConfigError) -> Double {
    let value: Double?
    switch self[name] {
    case .integer(let integer): value = Double(integer)
    case .number(let number): value = number
    default: value = nil
    }
    guard let value, value > 0, value.isFinite else {
      throw invalid(name, allowed: "a number of more than 0")
    }
    return value
  }

  /// A duration as protobuf writes it in JSON.
  func duration(
    _ name: String,
    orZero isZeroAllowed: Bool
  ) throws(ServiceConfigError) -> Duration? {
    guard let value = self[name] else { return nil }
    guard case .text(let text) = value, let duration = Duration(protoJSON: text),
      duration > .zero || isZeroAllowed && duration == .zero
    else {
      let least = isZeroAllowed ? "0 s or more" : "more than 0 s"
      throw invalid(name, allowed: "\(least), up to 315576000000 s, such as “1.5s”")
    }
    return duration
  }

  /// A list of status codes, by number or by name.
  func codes(_ name: String) throws(ServiceConfigError) -> Set<RPCCode>? {
    guard let value = self[name] else { return nil }
    guard case .list(let values) = value else {
      throw invalid(name, allowed: "a list of status codes")
    }
    var codes: Set<RPCCode> = []
    for (index, value) in values.enumerated() {
      let code: RPCCode? =
        switch value {
        case .integer(let number): RPCCode(rawValue: number)
        case .text(let name): RPCCode(grpcName: name)
        default: nil
        }
      guard let code else {
        throw ServiceConfigError(
          "\(path(of: name))[\(index)]",
          value,
          allowed: "a status code in 1...16 or its name, such as “UNAVAILABLE”"
        )
      }
      codes.insert(code)
    }
    return codes
  }
}

extension Duration {
  /// Reads a duration of protobuf's JSON mapping, such as `1.5s`; `nil` if it is none.
  ///
  /// What stands before the `s` is a number of JSON without an exponent, of nine decimals at most: `.1s`,
  /// `1.s` and `01s` are none.
  ///
  /// ## Source
  /// [ProtoJSON Format](https://protobuf.dev/programming-guides/json/); gRFC A6, “Integration with
  /// Service Config”, on the numeric portion.
  init?(protoJSON text: String) {
    guard text.hasSuffix("s") else { return nil }
    let isNegative = text.hasPrefix("-")
    let parts = text.dropLast().drop { $0 == "-" }
      .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.filter({ $0 == "-" }).count == (isNegative ? 1 : 0),
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      parts.first?.count == 1 || parts.first?.first != "0",
      let seconds = parts.first.flatMap({ Int64($0) }), seconds <= 315_576_000_000
    else { return nil }
    var nanoseconds: Int64 = 0
    if parts.count == 2 {
      guard parts[1].count <= 9 else { return nil }
      let padded = parts[1] + String(repeating: "0", count: 9 - parts[1].count)
      nanoseconds = Int64(padded) ?? 0
    }
    let duration = Duration.seconds(seconds) + .nanoseconds(nanoseconds)
    self = isNegative ? .zero - duration : duration
  }
}
