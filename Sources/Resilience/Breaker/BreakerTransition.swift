/// A change of a circuit breaker's state.
public struct BreakerTransition: Hashable, Sendable, CustomStringConvertible {
  /// Why a circuit changed its state.
  public enum Reason: Hashable, Sendable, CustomStringConvertible {
    /// The trip rule, in its own words, was met.
    case ruleMet(String)

    /// The open duration was over, and a call came.
    case openDurationOver

    /// The probes, or the calls of the last step of the ramp, went well.
    case probesSucceeded

    /// The probes, or the calls of the last step, went well, and a larger share of calls passes.
    case rampedUp(to: Double)

    /// The probes, or the calls of a step of the ramp, did not go well.
    case probesFailed

    /// The circuit was half-open for longer than it may be.
    case halfOpenTooLong

    /// Someone has begun or ceased to hold the circuit.
    case heldOrReleased

    /// The breaker was reset.
    case reset

    /// The breaker was restored from a snapshot, or began open.
    case restored

    /// The breaker was given other settings.
    case settingsReplaced

    /// The reason in words.
    public var description: String {
      switch self {
      case .ruleMet(let rule): rule
      case .openDurationOver: "the open duration is over"
      case .probesSucceeded: "the probes succeeded"
      case .rampedUp(let share): "all went well so far, \(Percent(share)) of the calls pass"
      case .probesFailed: "the probes failed"
      case .halfOpenTooLong: "no decision in time"
      case .heldOrReleased: "held or released by hand"
      case .reset: "reset by hand"
      case .restored: "restored"
      case .settingsReplaced: "other settings"
      }
    }
  }

  /// The name of the breaker.
  public internal(set) var breaker = ""

  /// The state before.
  public let from: BreakerState

  /// The state after; the same as before when only what was counted has been forgotten, or when a
  /// larger share of calls passes.
  public let to: BreakerState

  /// Why.
  public let reason: Reason

  /// When it happened, on the breaker's timeline.
  public let at: Moment

  /// Number of the term that began; it grows by one with each transition and wraps around.
  public let term: UInt32

  /// The transition on one line.
  public var description: String { "\(breaker): \(from) → \(to) (\(reason))" }
}
