import Testing

@testable import ResilienceDemo

@Suite("Options of pages")
struct PageOptionsTests {
  private func parse(_ words: String...) throws -> Options? {
    guard case .run(let options) = try OptionsParser.parse(words) else { return nil }
    return options
  }

  @Test("A report has a file, a dashboard may have a port")
  func valid() throws {
    #expect(try parse("--report", "a b.html")?.report == "a b.html")
    #expect(try parse("--report=/tmp/x.html")?.report == "/tmp/x.html")
    #expect(try parse()?.report == nil)
    let options = try parse("--dashboard", "--port", "65533")
    #expect(options?.isDashboard == true && options?.port == 65_533)
    #expect(try parse("--dashboard")?.port == 0)
  }

  @Test("A dashboard shows one scenario, in real time")
  func alone() {
    #expect(throws: OptionsError.incompatible("--dashboard", "--simulate")) {
      try parse("--simulate", "--dashboard")
    }
    #expect(throws: OptionsError.incompatible("--dashboard", "--scenario all")) {
      try parse("--dashboard", "--scenario", "all")
    }
  }

  @Test(
    "A file needs a name, and a port is a number below 65536",
    arguments: [
      ["--report"], ["--report="], ["--port", "65536"], ["--port", "-1"], ["--dashboard=1"],
    ]
  )
  func invalid(words: [String]) {
    #expect(throws: OptionsError.self) { try OptionsParser.parse(words) }
  }
}
