/// A command line that cannot be understood, with what would have been allowed.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  private init(_ description: String) {
    self.description = description
  }

  static func unknownOption(_ argument: String) -> UsageError {
    let allowed = Option.allCases.map(\.rawValue).joined(separator: ", ")
    return UsageError("unknown option “\(argument)”; allowed are \(allowed)")
  }

  static func unknownCase(_ name: String) -> UsageError {
    let allowed = Case.all.map(\.name).joined(separator: ", ")
    return UsageError("unknown case “\(name)”; allowed are \(allowed)")
  }

  static func missingCase() -> UsageError {
    UsageError("\(Option.case.rawValue) needs the name of a case; --list names them")
  }

  static func iterations(_ argument: String?) -> UsageError {
    let given = argument.map { "“\($0)”" } ?? "nothing"
    return UsageError(
      "\(Option.iterations.rawValue) needs a whole number of at least 1, not \(given)"
    )
  }

  static func twice(_ option: Option) -> UsageError {
    UsageError("\(option.rawValue) may be given once")
  }

  /// Says what may stand beside `option`: `allowed`, or nothing if that is empty.
  static func misplaced(_ other: Option, beside option: Option, allowed: [Option]) -> UsageError {
    let names = allowed.map(\.rawValue).joined(separator: ", ")
    let rule = allowed.isEmpty ? "stands alone" : "goes only with \(names)"
    return UsageError("\(other.rawValue) does not go with \(option.rawValue), which \(rule)")
  }

  static func onlyTimed(_ benchmark: Case) -> UsageError {
    UsageError("the case “\(benchmark.name)” is timed only, not counted")
  }

  static func silentRun() -> UsageError {
    UsageError(
      "a run of \(Option.iterations.rawValue) prints nothing, so \(Option.json.rawValue) does not go with it"
    )
  }

  static func aimlessIterations() -> UsageError {
    UsageError(
      "\(Option.iterations.rawValue) goes only with \(Option.case.rawValue), "
        + "\(Option.counted.rawValue) or \(Option.check.rawValue)"
    )
  }
}
