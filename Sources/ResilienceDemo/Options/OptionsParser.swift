/// Reads a command line: `--name value`, `--name=value` and flags, in any order, the last one wins.
struct OptionsParser {
  static let options = [
    "--scenario", "--policy", "--compare", "--duration", "--rate", "--seed", "--simulate", "--json",
    "--list",
    "--help",
  ]

  private var rest: ArraySlice<String>
  private var parsed = Options()

  /// The command that the arguments ask for.
  ///
  /// - Parameter arguments: The arguments without the name of the program.
  /// - Returns: The command.
  /// - Throws: ``OptionsError`` for the first one that is wrong; nothing after `--help` or `--list`
  ///   is read.
  static func parse(_ arguments: [String]) throws(OptionsError) -> Command {
    var parser = OptionsParser(rest: arguments[...])
    return try parser.command()
  }

  private init(rest: ArraySlice<String>) {
    self.rest = rest
  }

  private mutating func command() throws(OptionsError) -> Command {
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { throw .unexpectedArgument(argument) }
      let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = halves.first.map(String.init) ?? argument
      let inline = halves.count > 1 ? String(halves[1]) : nil
      switch name {
      case "--scenario": parsed.scenario = try scenario(name, inline)
      case "--policy": parsed.chosen = [try policy(name, inline)]
      case "--compare": parsed.chosen = try policies(name, inline)
      case "--duration": parsed.duration = .seconds(try number(name, inline, in: Options.durations))
      case "--rate": parsed.rate = try number(name, inline, in: Options.rates)
      case "--seed": parsed.seed = try number(name, inline, in: 0...UInt64.max)
      case "--simulate": parsed.isSimulated = try flag(name, inline)
      case "--json": parsed.isJSON = try flag(name, inline)
      case "--list":
        if try flag(name, inline) { return .list }
      case "--help", "-h":
        if try flag(name, inline) { return .help }
      default: throw .unknownOption(name)
      }
    }
    return .run(parsed)
  }

  private func flag(_ name: String, _ inline: String?) throws(OptionsError) -> Bool {
    if let inline { throw .unexpectedValue(inline, option: name) }
    return true
  }

  private mutating func scenario(
    _ name: String,
    _ inline: String?
  ) throws(OptionsError) -> Scenario {
    let allowed = Scenario.all.map(\.name).joined(separator: ", ")
    let text = try value(of: name, inline, allowed: allowed)
    guard let scenario = Scenario.all.first(where: { $0.name == text }) else {
      throw .invalidValue(text, option: name, allowed: allowed)
    }
    return scenario
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
