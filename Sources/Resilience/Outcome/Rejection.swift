/// Thrown by a policy that refused to call.
///
/// The operation did not run. A rejection says nothing about the callee, so other policies ignore
/// it, and ``Retry`` does not repeat it by default.
public protocol Rejection: CallError, CustomStringConvertible {
  /// The name of the policy that refused.
  var policy: String { get }

  /// How long the caller should wait before it tries again; `nil` when that is not known.
  var retryAfter: Duration? { get }
}

extension Rejection {
  /// A rejection is ignored: the callee was not asked.
  public var verdict: Verdict { .ignored }

  /// A rejection is not retried: the policy has just protected someone.
  public var retryAdvice: RetryAdvice { .forbidden }
}
