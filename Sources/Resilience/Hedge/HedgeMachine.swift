/// The rules of one hedged call, as a value: no lock, no clock, no closure.
///
/// Attempts are numbered from 1 in the order of their start. The first accepted outcome wins. When
/// none is accepted, the first attempt's outcome comes out, in whatever order they ended.
///
///     running ── accepted outcome, all failed, caller cancelled ──▶ decided
struct HedgeMachine: Equatable, Sendable {
  /// What is to be done.
  enum Action: Equatable, Sendable {
    /// Start this attempt if the budget has room; else say `denied`.
    case start(attempt: Int)
    /// The outcome just seen is this attempt's and wins, or all have failed and this is what comes
    /// out; cancel what still runs.
    case decide(attempt: Int)
    /// Keep the outcome just seen: it comes out if all others fail too.
    case keep
    /// Nobody waits for the outcome just seen.
    case discard
    /// Cancel all that run.
    case cancelAll
    case nothing
  }

  private enum Phase: Equatable {
    /// Leaves for `decided` with the winner, the last failure or the caller's cancellation.
    case running
    case decided
  }

  private let limit: Int
  private let startsOnFailure: Bool
  private var phase = Phase.running
  private(set) var started = 1
  private(set) var running = 1
  /// Set once the budget had no room.
  private var isDenied = false

  /// Creates the rules of a call whose first attempt has started.
  init(limit: Int, startsOnFailure: Bool) {
    self.limit = limit
    self.startsOnFailure = startsOnFailure
  }

  /// Whether the next delay is worth waiting for.
  var mayStart: Bool { phase == .running && started < limit && !isDenied }

  /// The delay is over and no outcome has decided.
  mutating func delayOver() -> Action { mayStart ? start() : .nothing }

  /// The attempt that was to be started was not.
  mutating func denied() -> Action {
    isDenied = true
    started -= 1
    running -= 1
    return decideIfAllFailed() ?? .nothing
  }

  /// An attempt has ended.
  mutating func ended(_ attempt: Int, accepted: Bool) -> Action {
    running -= 1
    guard phase == .running else { return .discard }
    if accepted {
      phase = .decided
      return .decide(attempt: attempt)
    }
    return decideIfAllFailed() ?? (attempt == 1 ? .keep : .discard)
  }

  /// After a failure: whether another attempt is to be made because of it.
  mutating func afterFailure() -> Action { startsOnFailure && mayStart ? start() : .nothing }

  /// The caller was cancelled.
  mutating func cancelled() -> Action {
    guard phase == .running else { return .nothing }
    phase = .decided
    return .cancelAll
  }

  private mutating func start() -> Action {
    started += 1
    running += 1
    return .start(attempt: started)
  }

  private mutating func decideIfAllFailed() -> Action? {
    guard phase == .running, running == 0, !(startsOnFailure && mayStart) else { return nil }
    phase = .decided
    return .decide(attempt: 1)
  }
}
