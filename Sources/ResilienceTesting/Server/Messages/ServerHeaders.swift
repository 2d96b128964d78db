/// Header fields in the order in which they stand on the wire; names compare without case.
///
/// A name may occur more than once. On the wire, characters that may not stand in a name become
/// `-`, and line ends and NUL in a value become spaces, so that no field can forge another.
///
/// ## Source
/// [RFC 9110, section 5](https://www.rfc-editor.org/rfc/rfc9110#section-5).
public struct ServerHeaders: Sendable, Equatable {
  /// One header field.
  public struct Field: Sendable, Equatable {
    /// The name as it was received or given.
    public let name: String

    /// The value without the white space around it.
    public let value: String
  }

  /// All fields, in order.
  public private(set) var fields: [Field] = []

  /// Creates an empty set of fields.
  public init() {}

  /// The value of the first field of that name; setting replaces all fields of that name.
  public subscript(name: String) -> String? {
    get { fields.first { $0.name.equalsIgnoringCase(name) }?.value }
    set {
      fields.removeAll { $0.name.equalsIgnoringCase(name) }
      if let newValue { add(name, newValue) }
    }
  }

  /// The values of all fields of that name, in order.
  public func values(of name: String) -> [String] {
    fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
  }

  /// Appends a field and keeps those of the same name.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// The members of a comma-separated field, over all fields of that name, in lower case.
  func list(_ name: String) -> [String] {
    values(of: name).flatMap { value in
      value.split(separator: ",").map { $0.trimmingBlanks().lowercased() }
    }
  }
}

extension ServerHeaders: ExpressibleByDictionaryLiteral {
  /// Creates fields from a literal, in its order; a name may occur more than once.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }
}

extension StringProtocol {
  /// Whether both are the same but for the case of ASCII letters.
  func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
  }

  func trimmingBlanks() -> SubSequence {
    guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }),
      let last = lastIndex(where: { $0 != " " && $0 != "\t" })
    else { return self[endIndex...] }
    return self[first...last]
  }
}
