/// Draws pictures over each other on the alternate screen of a terminal.
///
/// The alternate screen, since a terminal that changes its width wraps what stands on the normal one
/// anew, so that nobody knows where the last picture began; and since leaving it brings back what
/// was there before. What is to stay is said on the normal screen, when the run is over.
struct Frame {
  /// Goes to the alternate screen, hides the cursor, and cuts lines off at the right edge.
  static let begin = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[H\u{1B}[2J"

  /// Undoes ``begin``.
  static let end = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  private var size: Terminal.Size?

  /// The text that replaces the last picture by this one.
  ///
  /// - Parameters:
  ///   - lines: The picture; what is below the window is left out.
  ///   - size: The window now. If it has changed, what is left of the last picture is wiped away.
  /// - Returns: Text with control sequences.
  mutating func draw(_ lines: [String], size: Terminal.Size) -> String {
    let wipe = self.size == size ? "" : "\u{1B}[2J"
    self.size = size
    let shown = lines.prefix(max(1, size.rows))
    // A line is wiped before it is written: after a line as wide as the window the cursor still
    // stands on its last character.
    return "\u{1B}[H" + wipe + shown.map { "\u{1B}[2K\($0)" }.joined(separator: "\r\n") + "\u{1B}[J"
  }
}
