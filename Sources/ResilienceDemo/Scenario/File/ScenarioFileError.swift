/// What is wrong with a scenario file.
enum ScenarioFileError: Error, Equatable, CustomStringConvertible {
  /// It could not be read, and why.
  case unreadable(String)

  case tooLarge(limit: Int)

  /// It is no JSON, and why.
  case notJSON(String)

  case missing(String, allowed: String)
  case unknownField(String, allowed: String)
  case invalid(String, value: String, allowed: String)

  /// Where it is wrong, the value, and what is allowed, on one line.
  var description: String {
    switch self {
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .tooLarge(let limit): "is longer than \(limit) bytes"
    case .notJSON(let reason): "is no JSON: \(reason)"
    case .missing(let path, let allowed): "\(path) is missing; allowed: \(allowed)"
    case .unknownField(let path, let allowed): "\(path) is unknown; allowed: \(allowed)"
    case .invalid(let path, let value, let allowed):
      "\(path.isEmpty ? "it" : path) cannot be “\(value)”; allowed: \(allowed)"
    }
  }
}
