internal import Resilience

/// When and how often the calls of a method are repeated, as a service configuration says.
///
/// Before the *n*-th retry there is a pause, drawn between zero and the smaller of
/// `initialBackoff` × `backoffMultiplier`ⁿ⁻¹ and `maxBackoff`. A server that says when to come back
/// is asked again exactly then, and *n* counts from 1 again.
///
/// ## Source
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section “Retry
/// Policy”.
public struct RetryRule: Hashable, Sendable {
  /// The most attempts that a configuration can ask for; more are taken for as many.
  public static let mostAttempts = 5

  /// How often to call at most, the first call included; in 2...5.
  public let maxAttempts: Int

  /// The longest first pause; more than zero.
  public let initialBackoff: Duration

  /// The longest pause of all; more than zero.
  public let maxBackoff: Duration

  /// By how much the longest pause grows from one retry to the next; more than zero.
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

  /// The longest pause before a retry.
  ///
  /// - Parameter retry: The number of the retry, from 1.
  /// - Returns: The pause without jitter.
  func longestPause(before retry: Int) -> Duration {
    var pause = initialBackoff
    // Five attempts have four pauses at most.
    for _ in 1..<max(2, min(retry, Self.mostAttempts)) where retry > 1 {
      pause = min(maxBackoff, pause.scaled(by: backoffMultiplier))
    }
    return min(pause, maxBackoff)
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
