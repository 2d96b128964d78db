/// Reads a command line: `--name value`, `--name=value` and flags, in any order, the last one wins.
struct OptionsParser {
  static let options = [
    "--scenario", "--policy", "--compare", "--duration", "--rate", "--seed", "--simulate", "--json",
    "--report", "--dashboard", "--serve", "--port", "--export", "--list", "--help",
  ]

  private var rest: ArraySlice<String>
  private var parsed = Options()
  private var isSuite = false
  private var isExport = false
  private var isServing = false
  private var given: Set<String> = []
  private let readScenario: (String) throws(ScenarioFileError) -> Scenario

  /// The command that the arguments ask for.
  ///
  /// - Parameters:
  ///   - arguments: The arguments without the name of the program.
  ///   - readScenario: Reads a scenario file.
  /// - Returns: The command.
  /// - Throws: ``OptionsError`` for the first one that is wrong; nothing after `--help` or `--list`
  ///   is read.
  static func parse(
    _ arguments: [String],
    readScenario: @escaping (String) throws(ScenarioFileError) -> Scenario = ScenarioFile.read
  ) throws(OptionsError) -> Command {
    var parser = OptionsParser(rest: arguments[...], readScenario: readScenario)
    return try parser.command()
  }

  private init(
    rest: ArraySlice<String>,
    readScenario: @escaping (String) throws(ScenarioFileError) -> Scenario
  ) {
    self.rest = rest
    self.readScenario = readScenario
  }

  private mutating func command() throws(OptionsError) -> Command {
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { throw .unexpectedArgument(argument) }
      let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = halves.first.map(String.init) ?? argument
      let inline = halves.count > 1 ? String(halves[1]) : nil
      given.insert(name)
      switch name {
      case "--scenario": try takeScenario(name, inline)
      case "--policy": parsed.chosen = [try policy(name, inline)]
      case "--compare": parsed.chosen = try policies(name, inline)
      case "--duration": parsed.duration = .seconds(try number(name, inline, in: Options.durations))
      case "--rate": parsed.rate = try number(name, inline, in: Options.rates)
      case "--seed": parsed.seed = try number(name, inline, in: 0...UInt64.max)
      case "--simulate": parsed.isSimulated = try flag(name, inline)
      case "--json": parsed.isJSON = try flag(name, inline)
      case "--report": parsed.report = try file(name, inline)
      case "--dashboard": parsed.isDashboard = try flag(name, inline)
      case "--serve": isServing = try flag(name, inline)
      case "--port": parsed.port = try number(name, inline, in: ServedWorld.ports)
      case "--export": isExport = try flag(name, inline)
      case "--list":
        if try flag(name, inline) { return .list }
      case "--help", "-h":
        if try flag(name, inline) { return .help }
      default: throw .unknownOption(name)
      }
    }
    try checkCompany()
    return try result()
  }

  /// What an option leaves no use for: nothing that is asked for is left undone in silence.
  private static let conflicts = [
    (
      "--serve",
      [
        "--dashboard", "--export", "--scenario", "--simulate", "--json", "--report", "--rate",
        "--seed", "--policy", "--compare", "--duration",
      ]
    ),
    ("--export", ["--dashboard", "--json", "--report"]),
    ("--dashboard", ["--simulate", "--json"]),
  ]

  /// A dashboard shows one scenario in real time; the services alone know nothing of scenarios.
  private func checkCompany() throws(OptionsError) {
    for (option, others) in Self.conflicts where given.contains(option) {
      if let other = others.first(where: given.contains) { throw .incompatible(option, other) }
    }
    if parsed.isDashboard, isSuite { throw .incompatible("--dashboard", "--scenario all") }
    if given.contains("--port"), !isServing, !parsed.isDashboard {
      throw .useless("--port", without: "--dashboard or --serve")
    }
  }

  private func flag(_ name: String, _ inline: String?) throws(OptionsError) -> Bool {
    if let inline { throw .unexpectedValue(inline, option: name) }
    return true
  }

  private func result() throws(OptionsError) -> Command {
    if isServing { return .serve(port: parsed.port) }
    if isExport {
      guard !isSuite else {
        let names = Scenario.all.map(\.name).joined(separator: ", ")
        throw .invalidValue("all", option: "--scenario with --export", allowed: names)
      }
      return .export(parsed.scenario)
    }
    guard isSuite else { return .run(parsed) }
    return .suite(
      Scenario.all.map { scenario in
        var options = parsed
        options.scenario = scenario
        return options
      }
    )
  }

  private mutating func takeScenario(
    _ name: String,
    _ inline: String?
  ) throws(OptionsError) {
    let names = Scenario.all.map(\.name).joined(separator: ", ")
    let allowed = "\(names), all, or a file such as mine.json"
    let text = try value(of: name, inline, allowed: allowed)
    isSuite = text == "all"
    parsed.scenarioFile = nil
    if isSuite { return }
    if let scenario = Scenario.all.first(where: { $0.name == text }) {
      parsed.scenario = scenario
    } else if text.hasSuffix(".json") || text.contains("/") {
      do {
        parsed.scenario = try readScenario(text)
        parsed.scenarioFile = text
      } catch {
        throw .scenarioFile(text, error)
      }
    } else {
      throw .invalidValue(text, option: name, allowed: allowed)
    }
  }

  private static var policyNames: String {
    ClientPolicy.allCases.map(\.name).joined(separator: ", ")
  }

  private mutating func policy(
    _ name: String,
    _ inline: String?
  ) throws(OptionsError) -> ClientPolicy {
    let text = try value(of: name, inline, allowed: Self.policyNames)
    guard let policy = ClientPolicy(rawValue: text) else {
      throw .invalidValue(text, option: name, allowed: Self.policyNames)
    }
    return policy
  }

  private mutating func policies(
    _ name: String,
    _ inline: String?
  ) throws(OptionsError) -> [ClientPolicy] {
    let allowed = "a list such as none,standard of different ones of \(Self.policyNames)"
    let text = try value(of: name, inline, allowed: allowed)
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let policies = words.compactMap { ClientPolicy(rawValue: String($0)) }
    guard policies.count == words.count, Set(policies).count == policies.count else {
      throw .invalidValue(text, option: name, allowed: allowed)
    }
    return policies
  }

  private mutating func file(_ name: String, _ inline: String?) throws(OptionsError) -> String {
    let allowed = "the name of a file, such as report.html"
    let text = try value(of: name, inline, allowed: allowed)
    guard !text.isEmpty else { throw .invalidValue(text, option: name, allowed: allowed) }
    return text
  }

  private mutating func number<N: FixedWidthInteger>(
    _ name: String,
    _ inline: String?,
    in range: ClosedRange<N>
  ) throws(OptionsError) -> N {
    let allowed = "a whole number in \(range.lowerBound)...\(range.upperBound)"
    let text = try value(of: name, inline, allowed: allowed)
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = N(text),
      range.contains(number)
    else { throw .invalidValue(text, option: name, allowed: allowed) }
    return number
  }

  private mutating func value(
    of name: String,
    _ inline: String?,
    allowed: String
  ) throws(OptionsError) -> String {
    if let inline { return inline }
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw .missingValue(option: name, allowed: allowed)
    }
    rest.removeFirst()
    return next
  }
}
