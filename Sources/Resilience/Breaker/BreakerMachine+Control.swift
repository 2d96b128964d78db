// What someone does to a circuit by hand.
extension BreakerMachine {
  /// Lets someone begin to hold the circuit in a mode, or cease to with `nil`.
  mutating func hold(
    _ mode: BreakerMode?,
    by id: BreakerHolds.ID,
    at now: Moment
  ) -> BreakerTransition? {
    holds.set(mode, by: id)
    let next: Phase
    switch (holds.isForcedOpen, holds.isDisabled) {
    case (true, _): next = .forcedOpen
    case (false, true): next = .disabled
    case (false, false):
      guard phase == .forcedOpen || phase == .disabled else { return nil }
      next = .closed
    }
    guard next != phase else { return nil }
    return enter(next, at: now, because: .heldOrReleased)
  }

  /// Forgets everything that was counted; closes the circuit unless someone holds it.
  mutating func reset(at now: Moment) -> BreakerTransition {
    let isHeld = phase == .forcedOpen || phase == .disabled
    return enter(isHeld ? phase : .closed, at: now, because: .reset)
  }

  /// Opens the circuit, as if the rule had been met for the `trips`-th time.
  mutating func restore(
    open remaining: Duration,
    trips: Int,
    at now: Moment
  ) -> BreakerTransition? {
    guard phase != .forcedOpen, phase != .disabled else { return nil }
    self.trips = trips
    return enter(.open(until: now.advanced(by: remaining)), at: now, because: .restored)
  }

  /// Makes a closed circuit count from where another has stopped.
  mutating func restore(consecutiveFailures: Int) {
    self.consecutiveFailures = consecutiveFailures
  }

  /// Goes on with other settings: an open period lasts as long as it was to; all else begins anew.
  mutating func replace(_ settings: BreakerSettings, at now: Moment) -> BreakerTransition? {
    plan = settings.plan
    forgetCounts()
    switch phase {
    case .closed: return enter(.closed, at: now, because: .settingsReplaced)
    case .halfOpen: return enter(.open(until: now), at: now, because: .settingsReplaced)
    case .open, .forcedOpen, .disabled: return nil
    }
  }
}
