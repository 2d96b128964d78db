import Foundation

/// What can be shown where the output goes.
struct Terminal: Equatable, Sendable {
  /// Whether lines can be redrawn in place.
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

  /// Rows of the terminal now; 24 where that is not known.
  static var rows: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
  }
}
