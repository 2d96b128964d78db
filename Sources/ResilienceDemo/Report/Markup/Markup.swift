/// A piece of a page, as a value; whatever it says is escaped when it is written.
///
/// What is written is both HTML and well-formed XML: elements without content are `<br/>` if HTML
/// knows them to be empty, and `<p></p>` if not.
indirect enum Markup: Equatable, Sendable {
  case element(Tag, [Attribute], [Markup])
  case text(String)
  case group([Markup])
  case rules(Stylesheet)

  static let nothing = Markup.group([])

  /// The markup as text.
  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .text(let words): text += words.escaped
    case .group(let parts): for part in parts { part.write(to: &text) }
    case .rules(let stylesheet): text += stylesheet.text
    case .element(let tag, let attributes, let parts):
      text += "<\(tag.rawValue)"
      for attribute in attributes {
        text += " \(attribute.name.rawValue)=\"\(attribute.value.escaped)\""
      }
      if tag.isVoid {
        text += "/>"
      } else {
        text += ">"
        for part in parts { part.write(to: &text) }
        text += "</\(tag.rawValue)>"
      }
      if tag.endsLine { text += "\n" }
    }
  }
}

/// A whole page.
struct Document: Equatable, Sendable {
  let root: Markup

  var text: String { "<!DOCTYPE html>\n" + root.text }
}

extension String {
  /// The text with everything that means something to a parser in its stead written as a reference,
  /// and characters that no document may have replaced by U+FFFD.
  ///
  /// ## Source
  /// W3C, [XML 1.0, section 2.2](https://www.w3.org/TR/xml/#charsets).
  fileprivate var escaped: String {
    guard utf8.contains(where: \.needsLook) else { return self }
    var text = ""
    text.reserveCapacity(utf8.count + 16)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\t", "\n": text.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension UInt8 {
  /// Whether a character that begins with this byte may have to be written otherwise.
  fileprivate var needsLook: Bool {
    self < 0x20 || self >= 0x7F || self == UInt8(ascii: "&") || self == UInt8(ascii: "<")
      || self == UInt8(ascii: ">") || self == UInt8(ascii: "\"") || self == UInt8(ascii: "'")
  }
}
