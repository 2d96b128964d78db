import Testing

@testable import ResilienceDemo

@Suite("Markup")
struct MarkupTests {
  @Test("Text is escaped, whatever it says")
  func text() {
    let hostile = "</p><script>alert(\"1\" & '2')</script>"
    #expect(
      Tag.span { hostile }.text
        == "<span>&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;</span>"
    )
  }

  @Test("Values of attributes are escaped, so that they cannot end")
  func attributes() {
    #expect(
      Tag.span(.label("\" onclick='x'>"), .class("a b")).text
        == "<span aria-label=\"&quot; onclick=&#39;x&#39;&gt;\" class=\"a b\"></span>"
    )
  }

  @Test("Characters that no document may have are replaced")
  func controls() {
    #expect(
      Markup.text("a\u{0}b\u{1B}c\u{FFFF}d\u{85}e\tf\ng").text
        == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\tf\ng"
    )
    #expect(Markup.text("é 漢 🙂").text == "é 漢 🙂")
  }

  @Test("Elements without content end where HTML lets them, and have an end tag elsewhere")
  func void() {
    #expect(Tag.meta(.charset("utf-8")).text == "<meta charset=\"utf-8\"/>\n")
    #expect(Tag.td().text == "<td></td>")
  }

  @Test("A builder takes elements, texts, loops and conditions")
  func builder() {
    let isShown = true
    let list = Tag.span {
      for number in 1...2 { Tag.strong { "\(number)" } }
      if isShown { "!" }
      if !isShown { "?" } else { Markup.nothing }
    }
    #expect(list.text == "<span><strong>1</strong><strong>2</strong>!</span>")
  }

  @Test("The parts of a page are its marked elements, each with its content")
  func parts() {
    let page = Tag.main {
      Tag.span(.part("one")) { "<" }
      Tag.span { Tag.span(.part("two")) { Tag.strong { "x" } } }
    }
    #expect(page.parts.map(\.name) == ["one", "two"])
    #expect(page.parts.map(\.content) == ["&lt;", "<strong>x</strong>"])
  }

  @Test(
    "Numbers have at most two digits behind the point",
    arguments: [
      (0, "0"), (1, "1"), (-0.001, "0"), (0.005, "0.01"), (1.5, "1.5"), (-2.25, "-2.25"),
      (3.007, "3.01"), (100, "100"), (.infinity, "0"), (.nan, "0"), (1e300, "0"), (0.07, "0.07"),
    ] as [(Double, String)]
  )
  func numbers(value: Double, text: String) {
    #expect(value.short == text)
  }

  @Test("A path says where it goes")
  func path() {
    var path = PathData.polyline([.init(x: 0, y: 1), .init(x: 2.5, y: 3)])
    path.close()
    #expect(path.text == "M0 1L2.5 3Z")
  }
}
