import Foundation
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
    let size = Terminal.Size(columns: 80, rows: 24)
    #expect(
      frame.draw(["a", "b"], size: size) == "\u{1B}[H\u{1B}[2J\u{1B}[2Ka\r\n\u{1B}[2Kb\u{1B}[J"
    )
    #expect(frame.draw(["c"], size: size) == "\u{1B}[H\u{1B}[2Kc\u{1B}[J")
    let small = Terminal.Size(columns: 80, rows: 1)
    #expect(frame.draw(["d", "e"], size: small) == "\u{1B}[H\u{1B}[2J\u{1B}[2Kd\u{1B}[J")
    #expect(frame.draw([], size: Terminal.Size(columns: 0, rows: 0)).hasSuffix("\u{1B}[J"))
  }

  @Test("What is left is brought back: the cursor, the wrapping of lines, the screen")
  func restored() {
    for mode in ["?1049", "?25", "?7"] {
      #expect(Frame.begin.contains("\u{1B}[\(mode)") && Frame.end.contains("\u{1B}[\(mode)"))
    }
  }

  @Test("The screen is entered once and left once, and nothing is drawn outside it")
  func screen() throws {
    let pipe = Pipe()
    let output = LiveOutput(Output(handle: pipe.fileHandleForWriting))
    try output.draw("early ")
    #expect(!output.end())
    try output.begin()
    try output.begin()
    try output.draw("drawn")
    #expect(output.end())
    #expect(!output.end())
    try output.draw(" late")
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(text == Frame.begin + "drawn" + Frame.end)
  }
}
