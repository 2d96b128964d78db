import Resilience

/// Shows a run while it goes on.
enum Display: Sendable {
  /// Redrawn in place, with a line at the bottom that stays.
  case live(Palette, footer: String?)
  case lines
  case silent

  /// Shows the run until the task is cancelled, and once more then.
  ///
  /// - Throws: What keeps the output from being written.
  func watch(_ run: Run, on output: Output) async throws {
    switch self {
    case .live(let palette, let footer): try await watchLive(run, palette, footer, .standard)
    case .lines: try await watchLines(run, output)
    case .silent: break
    }
  }

  private func watchLive(
    _ run: Run,
    _ palette: Palette,
    _ footer: String?,
    _ output: LiveOutput
  ) async throws {
    var frame = Frame()
    try output.begin()
    defer { output.end() }
    try await Self.repeating(every: .milliseconds(200)) {
      let size = Terminal.size
      let screen = Screen(snapshot: run.snapshot(), palette: palette, window: size, footer: footer)
      try output.draw(frame.draw(screen.lines, size: size))
    }
  }

  private func watchLines(_ run: Run, _ output: Output) async throws {
    var log = LineLog(duration: run.options.duration)
    try output.write(lines: Report.heading(run.options, run.limits))
    try await Self.repeating(every: .milliseconds(100)) {
      try output.write(lines: log.lines(for: run.snapshot()))
    }
    try output.write("\n")
  }

  private static func repeating(every pause: Duration, _ body: () throws -> Void) async throws {
    while !Task.isCancelled {
      try body()
      try? await Timeline.system.sleep(for: pause)
    }
    try body()
  }
}
