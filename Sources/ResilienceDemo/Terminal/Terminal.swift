import Foundation

/// What can be shown where the output goes.
struct Terminal: Equatable, Sendable {
  /// Columns and rows of a window.
  struct Size: Equatable, Sendable {
    var columns = 80
    var rows = 24
  }

  /// Whether a picture can be redrawn in place.
  let isLive: Bool
  let palette: Palette

  /// Decides by the environment.
  ///
  /// A terminal whose `TERM` is absent, empty or `dumb` gets plain lines; any `NO_COLOR` that is not
  /// empty turns colours off.
  ///
  /// ## Source
  /// [NO_COLOR](https://no-color.org).
  init(isTerminal: Bool, environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    isLive = isTerminal && term != "" && term != "dumb"
    palette = isLive && (environment["NO_COLOR"] ?? "").isEmpty ? .coloured : .plain
  }

  /// The terminal of this process.
  static var current: Terminal {
    Terminal(
      isTerminal: isatty(STDOUT_FILENO) == 1,
      environment: ProcessInfo.processInfo.environment
    )
  }

  /// The window of this process now; 80 columns and 24 rows where that is not known.
  static var size: Size {
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    guard isKnown, size.ws_row > 0, size.ws_col > 0 else { return Size() }
    return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
