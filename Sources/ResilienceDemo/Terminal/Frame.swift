/// Draws pictures over each other.
struct Frame {
  /// Hides the cursor, and cuts lines off at the right edge instead of continuing them.
  static let begin = "\u{1B}[?25l\u{1B}[?7l"

  /// Undoes ``begin``.
  static let end = "\u{1B}[?7h\u{1B}[?25h"

  private var height = 0

  /// The text that replaces the last picture by this one.
  ///
  /// - Parameters:
  ///   - lines: The picture; what does not fit is left out, since what has scrolled away cannot be
  ///     drawn over.
  ///   - rows: Rows of the terminal.
  /// - Returns: Text with control sequences. The cursor ends below the picture.
  mutating func draw(_ lines: [String], rows: Int) -> String {
    let up = height > 0 ? "\u{1B}[\(height)F" : ""
    let shown = lines.prefix(max(1, rows - 1))
    height = shown.count
    return up + shown.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J"
  }
}
