import Testing

@testable import ResilienceDemo

@Suite("Command line")
struct OptionsParserTests {
  @Test(
    "Options are taken in any order, with a blank or an equals sign, and the last one wins",
    arguments: [
      ("", Options()),
      ("--scenario hang", Options(scenario: .hang)),
      ("--scenario=hang", Options(scenario: .hang)),
      ("--policy timeout", Options(chosen: [.timeout])),
      ("--compare retry,none,standard", Options(chosen: [.retry, .none, .standard])),
      ("--compare=breaker", Options(chosen: [.breaker])),
      ("--simulate --policy none", Options(chosen: [.none], isSimulated: true)),
      ("--duration 3", Options(duration: .seconds(3))),
      ("--duration=3600", Options(duration: .seconds(3_600))),
      ("--rate 60 --rate 200", Options(rate: 200)),
      ("--seed 18446744073709551615", Options(seed: .max)),
      ("--json --seed 7", Options(seed: 7, isJSON: true)),
    ]
  )
  func valid(line: String, options: Options) throws {
    #expect(try OptionsParser.parse(words(line)) == .run(options))
  }

  @Test(
    "Asking for a text ends the reading",
    arguments: [("--help", Command.help), ("-h --nonsense", .help), ("--json --list --x", .list)]
  )
  func texts(line: String, command: Command) throws {
    #expect(try OptionsParser.parse(words(line)) == command)
  }

  private static let scenarios =
    "outage, slow, hang, flapping, errors, reset, refuse, overload, replica, limited, cold, "
    + "all, or a file such as mine.json"
  private static let policies = "none, timeout, retry, breaker, standard"
  private static let lists =
    "a list such as none,standard of different ones of none, timeout, retry, breaker, standard"
  private static let durations = "a whole number in 3...3600"

  @Test(
    "What is wrong is named, with what is allowed",
    arguments: [
      ("--fast", OptionsError.unknownOption("--fast")),
      ("-x", .unknownOption("-x")),
      ("--", .unknownOption("--")),
      ("outage", .unexpectedArgument("outage")),
      ("-", .unexpectedArgument("-")),
      ("--json=yes", .unexpectedValue("yes", option: "--json")),
      ("--help=", .unexpectedValue("", option: "--help")),
      ("--scenario", .missingValue(option: "--scenario", allowed: scenarios)),
      ("--duration --json", .missingValue(option: "--duration", allowed: durations)),
      ("--scenario=", .invalidValue("", option: "--scenario", allowed: scenarios)),
      ("--scenario HANG", .invalidValue("HANG", option: "--scenario", allowed: scenarios)),
      ("--policy", .missingValue(option: "--policy", allowed: policies)),
      ("--policy none,retry", .invalidValue("none,retry", option: "--policy", allowed: policies)),
      ("--compare ,", .invalidValue(",", option: "--compare", allowed: lists)),
      ("--compare none,none", .invalidValue("none,none", option: "--compare", allowed: lists)),
      ("--compare none,best", .invalidValue("none,best", option: "--compare", allowed: lists)),
      ("--duration 2", .invalidValue("2", option: "--duration", allowed: durations)),
      ("--duration 3601", .invalidValue("3601", option: "--duration", allowed: durations)),
      ("--duration 3.5", .invalidValue("3.5", option: "--duration", allowed: durations)),
      ("--duration +5", .invalidValue("+5", option: "--duration", allowed: durations)),
      ("--duration 0x5", .invalidValue("0x5", option: "--duration", allowed: durations)),
      ("--duration ٥", .invalidValue("٥", option: "--duration", allowed: durations)),
      (
        "--rate 99999999999999999999",
        .invalidValue(
          "99999999999999999999",
          option: "--rate",
          allowed: "a whole number in 60...200"
        )
      ),
      (
        "--seed -1",
        .invalidValue("-1", option: "--seed", allowed: "a whole number in 0...\(UInt64.max)")
      ),
    ]
  )
  func invalid(line: String, error: OptionsError) {
    #expect(throws: error) { try OptionsParser.parse(words(line)) }
  }

  @Test("The message says the value and the range on one line")
  func message() {
    let error = OptionsError.invalidValue("2", option: "--duration", allowed: Self.durations)
    #expect(
      error.description == "--duration cannot be “2”; allowed: a whole number in 3...3600"
    )
  }

  @Test("The help names every option, and the list every scenario")
  func texts() {
    for option in OptionsParser.options { #expect(Usage.help.contains(option)) }
    for scenario in Scenario.all { #expect(Usage.list.contains("\(scenario.name)\n  ")) }
  }

  @Test("“all” stands for every scenario with the same options, until another one is named")
  func suite() throws {
    let options = Scenario.all.map { Options(scenario: $0, duration: .seconds(3)) }
    #expect(try OptionsParser.parse(words("--scenario all --duration 3")) == .suite(options))
    #expect(
      try OptionsParser.parse(words("--scenario all --scenario hang"))
        == .run(Options(scenario: .hang))
    )
  }

  @Test("The services alone are served where they are wanted")
  func serving() throws {
    #expect(try OptionsParser.parse(words("--serve")) == .serve(port: 0))
    #expect(try OptionsParser.parse(words("--port 8080 --serve")) == .serve(port: 8_080))
    #expect(
      throws: OptionsError.invalidValue(
        "65534",
        option: "--port",
        allowed: "a whole number in 0...65533"
      )
    ) {
      try OptionsParser.parse(words("--port 65534"))
    }
  }

  @Test(
    "Options that would be ignored are refused, with both names",
    arguments: [
      ("--serve", "--scenario hang"), ("--serve", "--simulate"), ("--serve", "--json"),
      ("--serve", "--report x"), ("--serve", "--rate 80"), ("--serve", "--seed 1"),
      ("--serve", "--policy none"), ("--serve", "--compare none"), ("--serve", "--duration 3"),
      ("--serve", "--dashboard"), ("--serve", "--export"), ("--export", "--dashboard"),
      ("--export", "--json"), ("--export", "--report x"), ("--dashboard", "--json"),
    ]
  )
  func ignored(option: String, other: String) {
    let name = String(other.prefix { $0 != " " })
    for line in ["\(option) \(other)", "\(other) \(option)"] {
      let error = #expect(throws: OptionsError.incompatible(option, name)) {
        try OptionsParser.parse(words(line))
      }
      let text = error?.description ?? ""
      #expect(text.contains(option) && text.contains(name))
    }
  }

  @Test("A port is for those who listen")
  func uselessPort() {
    let error = #expect(throws: OptionsError.self) { try OptionsParser.parse(words("--port 80")) }
    #expect(error?.description == "--port is of use with --dashboard or --serve only")
  }

  @Test("What looks like a file is read, and what is wrong with it is said with its name")
  func files() throws {
    let read: (String) throws(ScenarioFileError) -> Scenario = { path throws(ScenarioFileError) in
      guard path == "a/b" else { throw .notJSON("because") }
      return .cold
    }
    #expect(
      try OptionsParser.parse(["--scenario=a/b"], readScenario: read)
        == .run(Options(scenario: .cold, scenarioFile: "a/b"))
    )
    let error = #expect(throws: OptionsError.self) {
      try OptionsParser.parse(["--scenario", "x.json"], readScenario: read)
    }
    #expect(error?.description == "the scenario file “x.json” is no JSON: because")
    #expect(
      try OptionsParser.parse(words("--export --scenario slow")) == .export(.slow)
    )
    #expect(throws: OptionsError.self) { try OptionsParser.parse(words("--export --scenario all")) }
  }

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
}
