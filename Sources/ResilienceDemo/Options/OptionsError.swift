/// What is wrong with a command line.
enum OptionsError: Error, Equatable, CustomStringConvertible {
  case unknownOption(String)
  case unexpectedArgument(String)
  case unexpectedValue(String, option: String)
  case missingValue(option: String, allowed: String)
  case invalidValue(String, option: String, allowed: String)
  case incompatible(String, String)
  case useless(String, without: String)
  case scenarioFile(String, ScenarioFileError)

  /// The value that is wrong, and what is allowed, on one line.
  var description: String {
    switch self {
    case .unknownOption(let option):
      "unknown option “\(option)”; allowed: \(OptionsParser.options.joined(separator: ", "))"
    case .unexpectedArgument(let argument):
      "unexpected argument “\(argument)”; every option begins with --"
    case .unexpectedValue(let value, let option):
      "\(option) takes no value, not “\(value)”"
    case .missingValue(let option, let allowed):
      "\(option) needs a value: \(allowed)"
    case .scenarioFile(let path, let error):
      "the scenario file “\(path)” \(error)"
    case .invalidValue(let value, let option, let allowed):
      "\(option) cannot be “\(value)”; allowed: \(allowed)"
    case .useless(let option, let others):
      "\(option) is of use with \(others) only"
    case .incompatible(let one, let other):
      "\(one) and \(other) do not go together; allowed: one of them"
    }
  }
}
