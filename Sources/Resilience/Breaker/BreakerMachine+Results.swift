// What a breaker's rules are told and answer.
extension BreakerMachine {
  enum Phase: Hashable, Sendable {
    /// Every call passes and is counted. Leaves for `open` when the trip rule is met.
    case closed
    /// No call passes before `until`. Leaves for `halfOpen` at the first call from then on.
    case open(until: Moment)
    /// Some calls pass. Leaves for `closed` once they have gone well, or else for `open`.
    case halfOpen(Recovery)
    /// No call passes. Leaves for `closed` when nobody holds it open any more.
    case forcedOpen
    /// Every call passes and none is counted. Leaves for `closed` when nobody holds it disabled.
    case disabled
  }

  /// Permission for one call.
  struct Ticket: Hashable, Sendable {
    let term: UInt32
    /// Number of the probe; 0 for a call that is none.
    var probe: UInt32 = 0
  }

  /// Why a call may not pass.
  struct Refusal: Hashable, Sendable {
    let state: BreakerState
    /// When to ask again; `nil` when that is not known.
    let until: Moment?
  }

  enum Admission: Hashable, Sendable {
    case pass(Ticket, BreakerTransition?)
    /// In shadow mode: the call passes, uncounted, and would otherwise have been refused.
    case passUncounted(Refusal, BreakerTransition?)
    case refuse(Refusal, BreakerTransition?)
  }

  enum Effect: Hashable, Sendable {
    /// The outcome was counted, or was one to ignore.
    case recorded
    /// The ticket was of an earlier term, or its lease was over: nothing was changed.
    case stale
    case changed(BreakerTransition)
    /// The rule has a condition of the user's, which is not ours to call: see `trip(_:at:)`.
    case consider(Question)
  }
}

extension BreakerMachine.Phase {
  var state: BreakerState {
    switch self {
    case .closed: .closed
    case .open: .open
    case .halfOpen: .halfOpen
    case .forcedOpen: .forcedOpen
    case .disabled: .disabled
    }
  }

  /// When the open period ends; `nil` in any other phase.
  var openUntil: Moment? {
    if case .open(let until) = self { until } else { nil }
  }
}

extension BreakerMachine.Admission {
  var transition: BreakerTransition? {
    switch self {
    case .pass(_, let transition): transition
    case .passUncounted(_, let transition), .refuse(_, let transition): transition
    }
  }
}

extension BreakerMachine.Effect {
  var transition: BreakerTransition? {
    if case .changed(let transition) = self { transition } else { nil }
  }
}
