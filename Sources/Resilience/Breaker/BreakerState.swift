/// Whether a circuit breaker lets calls through.
@frozen
public enum BreakerState: String, Hashable, Sendable, Codable, CaseIterable,
  CustomStringConvertible
{
  /// Calls pass, and their outcomes are counted.
  case closed

  /// Calls are refused until the open duration is over.
  case open

  /// Some calls pass, to find out how the callee is; the others are refused.
  case halfOpen = "half-open"

  /// Calls are refused because someone holds the circuit open.
  case forcedOpen = "forced open"

  /// Calls pass uncounted because someone has disabled the breaker.
  case disabled

  /// The usual word for it.
  public var description: String { rawValue }
}
