import Testing

@testable import ResilienceDemo

@Suite("Terminal")
struct TerminalTests {
  @Test(
    "The environment decides about redrawing and colours",
    arguments: [
      (true, ["TERM": "xterm"], true, true),
      (true, ["TERM": "xterm", "NO_COLOR": "1"], true, false),
      (true, ["TERM": "xterm", "NO_COLOR": ""], true, true),
      (true, ["TERM": "dumb"], false, false),
      (true, ["TERM": ""], false, false),
      (true, [:], false, false),
      (false, ["TERM": "xterm"], false, false),
    ] as [(Bool, [String: String], Bool, Bool)]
  )
  func environment(
    isTerminal: Bool,
    environment: [String: String],
    isLive: Bool,
    isColoured: Bool
  ) {
    let terminal = Terminal(isTerminal: isTerminal, environment: environment)
    #expect(terminal.isLive == isLive)
    #expect(terminal.palette.isColoured == isColoured)
  }

  @Test("A picture is drawn over the last one, as far as it fits")
  func frame() {
    var frame = Frame()
    #expect(frame.draw(["a", "b"], rows: 24) == "a\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    #expect(frame.draw(["c", "d"], rows: 2) == "\u{1B}[2Fc\u{1B}[K\n\u{1B}[J")
    #expect(frame.draw(["e"], rows: 0) == "\u{1B}[1Fe\u{1B}[K\n\u{1B}[J")
  }
}
