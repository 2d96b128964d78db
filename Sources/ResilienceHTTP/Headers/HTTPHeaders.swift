internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Header fields by name; names compare without case.
///
/// Each name occurs once: `URLSession` joins the values of fields that have the same name.
///
/// ## Source
/// [RFC 9110, section 5](https://www.rfc-editor.org/rfc/rfc9110#section-5).
public struct HTTPHeaders: Hashable, Sendable {
  /// Values by the name in lower case.
  private var values: [String: String] = [:]

  /// Creates an empty set of fields.
  public init() {}

  /// Creates the fields of a response.
  init(_ response: HTTPURLResponse) {
    for (name, value) in response.allHeaderFields {
      self["\(name)"] = "\(value)"
    }
  }

  /// The value of a field; `nil` if there is none, and setting `nil` removes it.
  public subscript(name: String) -> String? {
    get { values[name.lowercased()] }
    set { values[name.lowercased()] = newValue }
  }

  /// The names, in lower case and in alphabetical order.
  public var names: [String] { values.keys.sorted() }

  /// These fields and the others; where both have a name, the other's value counts.
  public func merging(_ other: HTTPHeaders) -> HTTPHeaders {
    var merged = self
    merged.values.merge(other.values) { $1 }
    return merged
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  /// Creates fields from a literal; of equal names the last one counts.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { self[name] = value }
  }
}
