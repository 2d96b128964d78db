/// Colours, or none.
struct Palette: Equatable, Sendable {
  enum Colour: Int, Sendable {
    case bold = 1
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
    case grey = 90
  }

  let isColoured: Bool

  static let plain = Palette(isColoured: false)
  static let coloured = Palette(isColoured: true)

  func paint(_ text: String, _ colour: Colour) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  func bold(_ text: String) -> String { paint(text, .bold) }
}
