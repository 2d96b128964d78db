/// What protects a client: nothing, one policy, or all of them together.
enum ClientPolicy: String, CaseIterable, Codable, Sendable {
  /// URLSession as it comes.
  case none

  /// Each call within a limit.
  case timeout

  /// Naive retries: at once, whatever the call, with neither budget nor breaker.
  case retry

  /// A circuit breaker around a timeout.
  case breaker

  /// What the toolkit recommends: timeouts, retries with a budget, a breaker and a bulkhead.
  case standard

  /// How the client is called in reports.
  var name: String { rawValue }

  /// Whether the client has a breaker.
  var hasBreaker: Bool { self == .breaker || self == .standard }

  /// Whether the client gives up by itself, sooner than URLSession does.
  var hasTimeout: Bool { self != .none }
}
