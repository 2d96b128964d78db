/// One line of a screen: pieces of text, each in one colour, whose width is known.
struct ScreenLine: Equatable, Sendable {
  private struct Piece: Equatable, Sendable {
    let text: String
    let colour: Palette.Colour?
    let columns: Int
  }

  static let blank = ScreenLine("")

  private var pieces: [Piece]

  /// Columns that the line takes.
  private(set) var columns: Int

  init(_ text: String, _ colour: Palette.Colour? = nil) {
    let text = text.printable
    self.init(text, columns: text.columns, colour)
  }

  /// A text of which it is known that it takes so many columns and that no terminal obeys it.
  init(_ text: String, columns: Int, _ colour: Palette.Colour?) {
    pieces = [Piece(text: text, colour: colour, columns: columns)]
    self.columns = columns
  }

  static func + (lhs: Self, rhs: Self) -> Self {
    var line = lhs
    line += rhs
    return line
  }

  static func + (lhs: Self, rhs: String) -> Self { lhs + ScreenLine(rhs) }

  static func += (lhs: inout Self, rhs: Self) {
    lhs.pieces += rhs.pieces
    lhs.columns += rhs.columns
  }

  /// The line with blanks behind it, up to a number of columns.
  func padded(to width: Int) -> Self {
    let blanks = max(0, width - columns)
    return self + ScreenLine(String(repeating: " ", count: blanks), columns: blanks, nil)
  }

  /// The line as text; what does not fit is cut off.
  func text(columns limit: Int, _ palette: Palette) -> String {
    var left = limit
    var text = ""
    for piece in pieces where left > 0 {
      let fits = piece.columns <= left
      let shown = fits ? piece.text : piece.text.prefix(columns: left)
      // A wide character that did not fit ends the line: nothing may take its place.
      left = fits ? left - piece.columns : 0
      text += piece.colour.map { palette.paint(shown, $0) } ?? shown
    }
    return text
  }
}

extension String {
  /// Columns that the text takes in a terminal.
  var columns: Int {
    utf8.allSatisfy { $0 < 0x7F } ? utf8.count : reduce(0) { $0 + $1.columns }
  }

  /// As much of the beginning as fits.
  func prefix(columns limit: Int) -> String {
    var width = 0
    return String(
      prefix { character in
        width += character.columns
        return width <= limit
      }
    )
  }

  /// The text without anything that a terminal would obey.
  var printable: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return String(
      String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 })
    )
  }
}

extension Character {
  /// Columns that the character takes: two if it is wide, none if it only changes the one before.
  ///
  /// ## Source
  /// Unicode, [UAX 11, East Asian Width](https://www.unicode.org/reports/tr11/): the wide blocks.
  fileprivate var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.properties.generalCategory == .nonspacingMark
      || first.properties.isDefaultIgnorableCodePoint
    {
      return unicodeScalars.count > 1 ? 1 : 0
    }
    switch first.value {
    case ..<0x1100: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF,
      0x20000...0x3FFFD:
      return 2
    default:
      return first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") ? 2 : 1
    }
  }
}

extension Unicode.Scalar {
  /// Whether a terminal may obey it, or text after it may run the other way.
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format: value != 0x200D && value != 0x200C
    default: false
    }
  }
}
