import Foundation

/// A column of a table: its heading, and how its cells are set.
struct Column {
  enum Alignment {
    case left, right
  }

  let heading: String
  let alignment: Alignment
  let width: Int

  init(_ heading: String, alignment: Alignment = .right, width: Int) {
    self.heading = heading
    self.alignment = alignment
    self.width = width
  }

  /// The width of the longest name of a case.
  static let nameWidth = Case.all.map(\.name.count).max() ?? 0

  /// The cell, filled up to the width of the column.
  func set(_ cell: String) -> String {
    let filling = String(repeating: " ", count: max(0, width - cell.count))
    return alignment == .left ? cell + filling : filling + cell
  }
}

extension Double {
  /// The number with so many digits after the point, and no minus before nothing.
  func rounded(to digits: Int) -> String {
    let text = String(format: "%.\(digits)f", self)
    return text.hasPrefix("-") && Double(text) == 0 ? String(text.dropFirst()) : text
  }
}
