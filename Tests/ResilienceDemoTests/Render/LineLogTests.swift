import Testing

@testable import ResilienceDemo

@Suite("Plain lines")
struct LineLogTests {
  @Test("What happened is said once, in order of time")
  func events() {
    var log = LineLog(duration: .seconds(100))
    #expect(log.lines(for: .made(at: .zero)) == ["    0.00 s  service    healthy"])
    #expect(
      log.lines(for: .made(at: .milliseconds(3_100))) == [
        "    2.50 s  service    failing",
        "    3.00 s  standard   closed → open",
      ]
    )
    #expect(log.lines(for: .made(at: .milliseconds(3_200))) == [])
  }

  @Test("A status comes each half second, and once if several are due")
  func status() {
    var log = LineLog(duration: .seconds(10))
    let table = [(499, 0), (500, 1), (999, 0), (2_300, 1), (2_499, 0), (2_500, 1)]
    for (milliseconds, count) in table {
      let lines = log.lines(for: .made(at: .milliseconds(milliseconds)))
      #expect(lines.count { $0.contains("none ") } == count, "\(milliseconds) ms")
    }
  }
}
