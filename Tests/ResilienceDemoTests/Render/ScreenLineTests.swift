import Testing

@testable import ResilienceDemo

@Suite("Lines of a screen")
struct ScreenLineTests {
  @Test("A line is cut where the window ends, and colours end with it")
  func cut() {
    let line = ScreenLine("ab", .red) + "cd"
    #expect(line.text(columns: 3, .plain) == "abc")
    #expect(line.text(columns: 1, .coloured) == "\u{1B}[31ma\u{1B}[0m")
    #expect(line.text(columns: 0, .coloured) == "")
    #expect(line.text(columns: 9, .plain) == "abcd")
  }

  @Test(
    "Wide characters take two columns, and those that change others none",
    arguments: [
      ("ab", 2), ("漢字", 4), ("e\u{301}", 1), ("🙂", 2), ("👨‍👩‍👧", 2), ("한", 2), ("→›·█", 4), ("", 0),
    ]
  )
  func columns(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test("A wide character that does not fit leaves its place free")
  func wide() {
    #expect((ScreenLine("a漢") + "b").text(columns: 2, .plain) == "a")
  }

  @Test("What a terminal would obey is replaced")
  func controls() {
    #expect(
      ScreenLine("\u{1B}[2J\r\n\u{9B}x\u{202E}").text(columns: 80, .plain).contains("\u{1B}")
        == false
    )
    #expect("a\u{1B}b\nc".printable == "a\u{FFFD}b\u{FFFD}c")
    #expect("é漢".printable == "é漢")
  }
}
