/// An option of the command line, and what it may be combined with.
enum Option: String, CaseIterable, Hashable {
  case list = "--list"
  case `case` = "--case"
  case iterations = "--iterations"
  case counted = "--counted"
  case check = "--check"
  case json = "--json"
  case quick = "--quick"
  case keyed = "--keyed"
  case help = "--help"

  /// The options that may stand beside this one, in the order of the help.
  var companions: [Option] {
    switch self {
    case .list, .help: []
    case .case: [.iterations, .counted, .check, .json, .quick]
    case .iterations: [.case, .counted, .check, .json]
    case .counted: [.case, .iterations, .json]
    case .check: [.case, .iterations]
    case .json: [.case, .iterations, .counted, .quick, .keyed]
    case .quick: [.case, .json, .keyed]
    case .keyed: [.json, .quick]
    }
  }
}

/// The options that were given, with their values.
struct GivenOptions {
  private(set) var options: [Option] = []
  private(set) var name: String?
  private(set) var iterations: Int?

  /// Takes the command line apart.
  ///
  /// - Throws: `UsageError` if an option is unknown, lacks its value, or does not go with another.
  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard let option = Option(rawValue: argument) else {
        throw UsageError.unknownOption(argument)
      }
      try add(option, rest: &rest)
    }
  }

  func contains(_ option: Option) -> Bool { options.contains(option) }

  private mutating func add(_ option: Option, rest: inout ArraySlice<String>) throws {
    guard !contains(option) else { throw UsageError.twice(option) }
    if let other = options.first(where: { !$0.companions.contains(option) }) {
      throw UsageError.misplaced(option, beside: other, allowed: other.companions)
    }
    options.append(option)
    if option == .case { name = try Self.name(rest.popFirst()) }
    if option == .iterations { iterations = try Self.iterations(rest.popFirst()) }
  }

  private static func name(_ argument: String?) throws -> String {
    guard let argument, !argument.hasPrefix("--") else { throw UsageError.missingCase() }
    return argument
  }

  private static func iterations(_ argument: String?) throws -> Int {
    guard let argument, let number = Int(argument), number >= 1 else {
      throw UsageError.iterations(argument)
    }
    return number
  }
}
