internal import Foundation
public import Resilience

/// The shape of the paths that one part of a service answers, such as `/users/{id}`.
///
/// Segments are literal, or named in braces and then match anything but an empty one. Segments are
/// split before they are decoded, so that `%2F` in a segment is no separator, and `/caf%C3%A9` is
/// `/café`. A slash at the end makes another path, and case matters, as in addresses.
///
/// ```swift
/// let template: RouteTemplate = "/users/{id}/posts"
/// ```
public struct RouteTemplate: Hashable, Sendable, CustomStringConvertible {
  private enum Segment: Hashable {
    case literal(String)
    case any
  }

  /// The most segments that a template may have.
  static let mostSegments = 64

  /// The longest template, in bytes.
  static let longestText = 1_024

  /// The template as it was written.
  public let description: String

  private let segments: [Segment]

  /// Reads a template that comes from outside.
  ///
  /// - Parameter text: At most 1 024 bytes and 64 segments; begins with `/`; braces surround whole
  ///   segments and a name each.
  /// - Throws: `InvalidSetting` if it is none.
  public init(validating text: String) throws(InvalidSetting) {
    func refuse(_ allowed: String) -> InvalidSetting {
      InvalidSetting("route template", String(text.prefix(100)), allowed: allowed)
    }
    guard text.utf8.count <= Self.longestText else {
      throw refuse("at most \(Self.longestText) bytes long")
    }
    guard text.hasPrefix("/") else { throw refuse("a path that begins with “/”") }
    guard !text.contains(where: { "?#".contains($0) }) else {
      throw refuse("a path without query and fragment")
    }
    let parts = Self.split(text)
    guard parts.count <= Self.mostSegments else {
      throw refuse("at most \(Self.mostSegments) segments long")
    }
    var segments: [Segment] = []
    for part in parts {
      let isNamed = part.count > 2 && part.hasPrefix("{") && part.hasSuffix("}")
      let inner = isNamed ? part.dropFirst().dropLast() : part
      guard !inner.contains(where: { "{}".contains($0) }) else {
        throw refuse("a path whose braces surround a name, and a whole segment")
      }
      segments.append(isNamed ? .any : .literal(Self.decoded(part)))
    }
    description = text
    self.segments = segments
  }

  /// Whether a path has this shape.
  ///
  /// - Parameter path: A path, percent-encoded, without query; an empty one counts as `/`.
  /// - Returns: Whether it has.
  /// - Complexity: O(n), n being the length of the template.
  public func matches(_ path: String) -> Bool {
    // One more than there may be, so that a path of a million segments is not taken apart.
    let parts = path.isEmpty ? ["", ""] : Self.split(path, most: segments.count + 1)
    guard parts.count == segments.count else { return false }
    return zip(segments, parts).allSatisfy { segment, part in
      switch segment {
      case .literal(let text): text == part || text == Self.decoded(part)
      case .any: !part.isEmpty
      }
    }
  }

  private static func split(_ path: String, most: Int = .max) -> [Substring] {
    path.split(separator: "/", maxSplits: most - 1, omittingEmptySubsequences: false)
  }

  private static func decoded(_ part: Substring) -> String {
    part.utf8.contains(UInt8(ascii: "%"))
      ? part.removingPercentEncoding ?? String(part) : String(part)
  }
}

extension RouteTemplate: ExpressibleByStringLiteral {
  /// Creates a template that is written in code.
  ///
  /// - Precondition: It is valid: see ``init(validating:)``.
  public init(stringLiteral text: String) {
    do throws(InvalidSetting) {
      self = try RouteTemplate(validating: text)
    } catch {
      preconditionFailure(error.description)
    }
  }
}
