internal import Resilience

/// A failure as the retries and hedges of a service configuration see it.
///
/// What the service said is repeated if its code is listed, whatever the table of ``RPCCodedError``
/// says, and when it asks for it. What comes from elsewhere has a code as well, but the owner of the
/// service did not mean it: it keeps its own advice. So does what another library says the service has
/// not acted on.
struct ConfiguredFailure {
  /// The code, to be looked for in the list.
  let code: RPCCode

  /// Whether the service said so, and not something in between, the transport or this client.
  let isOfService: Bool

  /// What is to be done if the code is listed.
  let advice: RetryAdvice

  /// Judges an error; `nil` if it has no code.
  init?(_ error: any Error) {
    switch error {
    case let status as RPCStatus where !status.isOfService:
      (code, isOfService, advice) = (status.code, false, status.retryAdvice)
    case let error as any RPCCodedError where error.retryAdvice.isUnprocessed:
      // Of another library, which knows that the service has not acted on it.
      (code, isOfService, advice) = (error.rpcCode, false, error.retryAdvice)
    case let error as any RPCCodedError:
      (code, isOfService) = (error.rpcCode, true)
      advice =
        switch error.retryPushback {
        case .unsaid: .allowed
        case .after(let pause): .allowedAfter(pause)
        case .never: .forbidden
        }
    case is TimedOut:
      // Of a policy further in.
      (code, isOfService, advice) = (.deadlineExceeded, false, .allowed)
    default:
      return nil
    }
  }

  /// Whether the service asks not to be asked again.
  var forbidsMore: Bool { isOfService && advice == .forbidden }

  /// Whether it counts for a throttle, given whether its code is listed: only what the service has
  /// seen does.
  func counts(isListed: Bool) -> Bool {
    guard !forbidsMore else { return true }
    return isListed && advice != .forbidden && !advice.isUnprocessed
  }
}

extension RPCStatus {
  fileprivate var isOfService: Bool {
    if case .server = origin { true } else { false }
  }
}
