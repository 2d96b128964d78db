/// A path below the base address of a service, such as `users/1`.
///
/// It is text, not yet percent-encoded. In a literal, `/` separates segments; an interpolated value
/// is always part of one segment, whatever characters it has:
///
/// ```swift
/// let name = "a/b?c"
/// let path: HTTPPath = "users/\(name)/posts"  // users/a%2Fb%3Fc/posts
/// ```
///
/// A path cannot leave the base address: a segment `.` or `..` is refused when the request is made,
/// and so is an empty interpolated value, which would turn `users/\(id)` into all users. A slash at
/// the beginning makes no difference.
public struct HTTPPath: Hashable, Sendable, CustomStringConvertible {
  /// The path, percent-encoded, without a slash at its beginning.
  public let description: String

  private let hasEmptyValue: Bool

  /// Creates a path from text in which `/` separates segments.
  public init(_ path: String) {
    self.init(encoded: path.percentEncoded(keeping: PathCharacter.isLiteral), hasEmptyValue: false)
  }

  private init(encoded: String, hasEmptyValue: Bool) {
    description = String(encoded.drop { $0 == "/" })
    self.hasEmptyValue = hasEmptyValue
  }

  /// The path, percent-encoded.
  ///
  /// - Throws: ``InvalidPath`` for a path that might leave its place.
  func checked() throws(InvalidPath) -> String {
    let segments = description.split(separator: "/")
    guard !hasEmptyValue, !segments.contains("."), !segments.contains("..") else {
      throw InvalidPath(path: description)
    }
    return description
  }
}

extension HTTPPath: ExpressibleByStringInterpolation {
  /// Creates a path from a literal without values in it.
  public init(stringLiteral path: String) {
    self.init(path)
  }

  /// Creates a path from a literal with values in it.
  public init(stringInterpolation path: StringInterpolation) {
    self.init(encoded: path.encoded, hasEmptyValue: path.hasEmptyValue)
  }

  /// Collects the parts of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var encoded = ""
    fileprivate var hasEmptyValue = false

    /// Begins an empty path.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds a part in which `/` separates segments.
    public mutating func appendLiteral(_ literal: String) {
      encoded += literal.percentEncoded(keeping: PathCharacter.isLiteral)
    }

    /// Adds a value as part of a segment.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      let text = value.description
      hasEmptyValue = hasEmptyValue || text.isEmpty
      encoded += text.percentEncoded(keeping: PathCharacter.isUnreserved)
    }
  }
}
