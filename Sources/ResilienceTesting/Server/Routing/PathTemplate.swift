/// The pattern of a path: segments that are literal, and `{name}` segments that match anything.
///
/// Segments are split before they are decoded, so that `%2F` in a segment is no separator. A named
/// segment does not match an empty one.
struct PathTemplate: Sendable, Equatable {
  private enum Segment: Equatable {
    case literal(String)
    case parameter(String)
  }

  private let segments: [Segment]

  /// - Precondition: The text begins with `/`; braces surround whole segments; names differ.
  init(_ text: String) {
    precondition(text.hasPrefix("/"), "a path begins with “/”: \(text)")
    segments = Self.split(text).map { segment in
      guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
        precondition(!segment.contains { "{}".contains($0) }, "stray brace in path: \(text)")
        return .literal(String(segment))
      }
      let name = segment.dropFirst().dropLast()
      precondition(
        !name.isEmpty && !name.contains { "{}".contains($0) },
        "a named segment looks like “{name}”: \(text)"
      )
      return .parameter(String(name))
    }
    let names = segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    precondition(Set(names).count == names.count, "two segments have one name: \(text)")
  }

  /// The decoded values of the named segments, or nil if the path does not match.
  func match(_ path: String) -> [String: String]? {
    let parts = Self.split(path)
    guard parts.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, part) in zip(segments, parts) {
      let value = part.percentDecoded()
      switch segment {
      case .literal(value): continue
      case .literal: return nil
      case .parameter(let name):
        guard !value.isEmpty else { return nil }
        parameters[name] = value
      }
    }
    return parameters
  }

  private static func split(_ path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }
}
