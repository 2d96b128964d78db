extension Markup {
  /// The elements that a dashboard replaces: their names, and their content as text.
  ///
  /// Parts do not lie within each other.
  var parts: [(name: String, content: String)] {
    switch self {
    case .text, .rules: []
    case .group(let children): children.flatMap(\.parts)
    case .element(_, let attributes, let children):
      if let part = attributes.first(where: { $0.name == .part }) {
        [(part.value, Markup.group(children).text)]
      } else {
        children.flatMap(\.parts)
      }
    }
  }
}
