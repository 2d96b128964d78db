public import Resilience

/// An error that carries a code of gRPC and Connect, from whatever library it comes.
///
/// Policies understand it without configuration. To give a library's error a meaning takes one
/// property:
///
/// ```swift
/// extension GRPCCore.RPCError: @retroactive RPCCodedError {
///   public var rpcCode: RPCCode { RPCCode(rawValue: code.rawValue) ?? .unknown }
/// }
/// ```
///
/// What policies make of a code:
///
/// | Code | Verdict | Retry | Because |
/// | --- | --- | --- | --- |
/// | `CANCELLED` | ignored | no | Someone gave up, which says nothing about the service |
/// | `UNKNOWN` | failure | yes | A handler fell over, as with status 500; the method decides |
/// | `INVALID_ARGUMENT` | success | no | The request is wrong, and stays so; the service is well |
/// | `DEADLINE_EXCEEDED` | failure | yes | Too slow; the next attempt has what is left of the deadline |
/// | `NOT_FOUND` | success | no | A considered answer |
/// | `ALREADY_EXISTS` | success | no | A considered answer |
/// | `PERMISSION_DENIED` | success | no | A considered answer, and trying again must not wear down a check |
/// | `RESOURCE_EXHAUSTED` | failure | if it says when | The service defends itself: calls should become fewer; without a time it may be a quota of a day, or a message that is too large |
/// | `FAILED_PRECONDITION` | success | no | Someone has to change something first |
/// | `ABORTED` | success | no | The caller has to begin again further up: read, change, write |
/// | `OUT_OF_RANGE` | success | no | The service is well; there is no more |
/// | `UNIMPLEMENTED` | success | no | A considered answer that will never change |
/// | `INTERNAL` | failure | yes | Something broke, as with status 500; the method decides |
/// | `UNAVAILABLE` | failure | yes | The service is unwell and may recover; this is the code to retry |
/// | `DATA_LOSS` | failure | no | The service cannot serve, and asking again does not bring data back |
/// | `UNAUTHENTICATED` | success | no | A considered answer; other credentials are needed |
///
/// “Yes” is for methods that may be carried out twice (``RPCIdempotency``). A server that says when
/// to come back (``RetryPushback``) turns it into “not before”, one that says not to into “no”.
public protocol RPCCodedError: CallError {
  /// The code.
  var rpcCode: RPCCode { get }

  /// What the server said about retrying; nothing by default.
  var retryPushback: RetryPushback { get }
}

extension RPCCodedError {
  /// Nothing was said.
  public var retryPushback: RetryPushback { .unsaid }

  /// What the code says about the service, by the table above.
  public var verdict: Verdict { rpcCode.verdict }

  /// What the code and the server say about repeating the call, by the table above.
  public var retryAdvice: RetryAdvice { rpcCode.retryAdvice(retryPushback) }
}

extension RPCCode {
  /// What the code says about the service, by the table of ``RPCCodedError``.
  public var verdict: Verdict {
    switch self {
    case .cancelled:
      .ignored
    case .unknown, .deadlineExceeded, .resourceExhausted, .internal, .unavailable, .dataLoss:
      .failure
    case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
      .aborted, .outOfRange, .unimplemented, .unauthenticated:
      .success
    }
  }

  /// What the code says about repeating the call, by the table of ``RPCCodedError``.
  ///
  /// - Parameter pushback: What the server said about it.
  /// - Returns: The advice.
  public func retryAdvice(_ pushback: RetryPushback = .unsaid) -> RetryAdvice {
    switch (self, pushback) {
    case (_, .never), (.resourceExhausted, .unsaid):
      .forbidden
    case (.unknown, .unsaid), (.deadlineExceeded, .unsaid), (.internal, .unsaid),
      (.unavailable, .unsaid):
      .allowed
    case (.unknown, .after(let pause)), (.deadlineExceeded, .after(let pause)),
      (.internal, .after(let pause)), (.unavailable, .after(let pause)),
      (.resourceExhausted, .after(let pause)):
      .allowedAfter(pause)
    default:
      .forbidden
    }
  }
}
