public import Resilience

/// What a call of a ``ModelledService`` throws when it fails.
public enum ModelledFailure: CallError, Hashable, CustomStringConvertible {
  /// The service was down.
  case outage

  /// The call failed by chance, at the rate the service was told.
  case error

  /// All places were taken and the queue was full.
  case overloaded

  /// The failure in words.
  public var description: String {
    switch self {
    case .outage: "the service is down"
    case .error: "the service failed"
    case .overloaded: "the service is overloaded"
    }
  }
}
