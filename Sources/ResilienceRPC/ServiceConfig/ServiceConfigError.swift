/// Thrown for a service configuration that is not valid: where, what stands there, and what may.
public struct ServiceConfigError: Error, Hashable, CustomStringConvertible {
  /// The place, such as `methodConfig[0].retryPolicy.maxAttempts`; empty for the whole.
  public let path: String

  /// What stands there, as JSON of at most 100 characters; `nothing` for a field that is missing.
  public let value: String

  /// What is allowed.
  public let allowed: String

  init(_ path: String, _ value: ConfigValue?, allowed: String) {
    self.path = path
    self.value = value.map { String("\($0)".prefix(100)) } ?? "nothing"
    self.allowed = allowed
  }

  /// The place, what stands there and what is allowed, on one line.
  public var description: String {
    "\(path.isEmpty ? "the configuration" : path) is \(value), but must be \(allowed)"
  }
}
