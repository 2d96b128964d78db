internal import Resilience

/// When and how often the calls of a method are repeated, as a service configuration says.
///
/// Before the *n*-th retry there is a pause: the smaller of `initialBackoff` × `backoffMultiplier`ⁿ⁻¹
/// and `maxBackoff`, times a number drawn between 0.8 and 1.2. A server that says when to come back is
/// asked again exactly then, and *n* counts from 1 again.
///
/// With 0.1 s, 1 s and the multiplier 2, the pauses are 0.08...0.12 s, 0.16...0.24 s, 0.32...0.48 s and
/// 0.64...0.96 s; of further ones each would be 0.8...1.2 s.
///
/// What does not come from the service, such as a certificate that is not trusted, keeps its own advice
/// even if its code is among those to repeat.
///
/// ## Source
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section “Exponential
/// Backoff”, as amended in August 2024; before, the pause was drawn between zero and its longest.
public struct RetryRule: Hashable, Sendable {
  /// The most attempts that a configuration can ask for; more are taken for as many.
  public static let mostAttempts = 5

  /// How often to call at most, the first call included; in 2...5.
  public let maxAttempts: Int

  /// The first pause, before chance changes it; more than zero.
  public let initialBackoff: Duration

  /// The longest pause of all, before chance changes it; more than zero.
  public let maxBackoff: Duration

  /// By how much the pause grows from one retry to the next; more than zero.
  public let backoffMultiplier: Double

  /// The codes after which a call is repeated, whatever its method; not empty.
  public let retryableCodes: Set<RPCCode>

  init(_ object: ConfigObject) throws(ServiceConfigError) {
    maxAttempts = try object.attempts()
    guard let initialBackoff = try object.duration("initialBackoff", orZero: false) else {
      throw object.invalid("initialBackoff", allowed: "a duration of more than 0 s")
    }
    self.initialBackoff = initialBackoff
    guard let maxBackoff = try object.duration("maxBackoff", orZero: false) else {
      throw object.invalid("maxBackoff", allowed: "a duration of more than 0 s")
    }
    self.maxBackoff = maxBackoff
    backoffMultiplier = try object.positive("backoffMultiplier")
    guard let codes = try object.codes("retryableStatusCodes"), !codes.isEmpty else {
      throw object.invalid("retryableStatusCodes", allowed: "a list of at least one status code")
    }
    retryableCodes = codes
  }

  /// The pause before a retry.
  ///
  /// - Parameters:
  ///   - retry: The number of the retry, from 1.
  ///   - chance: What is drawn, in 0 ..< 1.
  /// - Returns: The pause; never negative.
  func pause(before retry: Int, chance: Double) -> Duration {
    // Five attempts have four pauses at most.
    let growths = max(0, min(retry, Self.mostAttempts) - 1)
    let factor = (0..<growths).reduce(1.0) { factor, _ in factor * backoffMultiplier }
    return min(initialBackoff.scaled(by: factor), maxBackoff).scaled(by: 0.8 + 0.4 * chance)
  }
}

/// When the calls of a method are made more than once at the same time, as a service configuration
/// says.
///
/// ## Source
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section “Hedging
/// Policy”.
public struct HedgingRule: Hashable, Sendable {
  /// How often to call at most, the first call included; in 2...5.
  public let maxAttempts: Int

  /// After which time without an answer the next call is made; zero makes all at once.
  public let hedgingDelay: Duration

  /// The codes after which the other calls go on, and the next is made at once.
  public let nonFatalCodes: Set<RPCCode>

  init(_ object: ConfigObject) throws(ServiceConfigError) {
    maxAttempts = try object.attempts()
    hedgingDelay = try object.duration("hedgingDelay", orZero: true) ?? .zero
    nonFatalCodes = try object.codes("nonFatalStatusCodes") ?? []
  }
}

extension ConfigObject {
  fileprivate func attempts() throws(ServiceConfigError) -> Int {
    guard let attempts = try integer("maxAttempts", in: 2...Int(clamping: UInt32.max)) else {
      throw invalid("maxAttempts", allowed: "an integer in 2...\(UInt32.max)")
    }
    return min(attempts, RetryRule.mostAttempts)
  }
}
