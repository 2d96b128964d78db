extension CircuitBreaker {
  /// Holds the breaker in a mode until the hold is released.
  ///
  /// Holds are counted: the mode ends when everyone who asked for it has released their own. What
  /// was in flight when a mode begins or ends is not counted.
  ///
  /// - Parameter mode: The mode.
  /// - Returns: What releases the hold. Dropping it does not.
  public nonisolated func hold(_ mode: BreakerMode) async -> BreakerHold {
    let id = BreakerHolds.newID()
    await hold(mode, by: id)
    return BreakerHold { [self] in await hold(nil, by: id) }
  }

  /// Begins the hold of the given number, or ends it with `nil`.
  nonisolated func hold(_ mode: BreakerMode?, by id: BreakerHolds.ID) async {
    await change { machine, now in machine.hold(mode, by: id, at: now) }
  }

  /// Forgets everything that was counted, and closes the circuit unless someone holds it.
  public nonisolated func reset() async {
    await change { machine, now in machine.reset(at: now) }
  }

  /// Goes on with other settings.
  ///
  /// An open period lasts as long as it was to; a half-open circuit begins its probes anew, and a
  /// closed one its counts. Calls in flight are settled on what admitted them, and so move nothing.
  ///
  /// - Parameter settings: The new settings.
  /// - Throws: ``InvalidSetting`` if they make no sense; the breaker then keeps those it has.
  public nonisolated func apply(_ settings: BreakerSettings) async throws {
    try settings.validate()
    core.replace(settings)
    await deliverAnnouncements()
  }

  /// Goes on where another breaker, perhaps of another process, has stopped.
  ///
  /// An open circuit stays open for what remained; a half-open one lets its first call probe. How
  /// often it has opened in a row, and the failures in a row, are taken over; windows begin empty.
  /// A breaker that someone holds stays as it is, and holds are not taken over.
  ///
  /// - Parameter snapshot: What the other breaker had counted.
  /// - Throws: ``InvalidSetting`` if the snapshot makes no sense; nothing is changed then.
  public nonisolated func restore(_ snapshot: BreakerSnapshot) async throws {
    try check("remaining open duration", snapshot.remaining, atLeast: .zero)
    try check("consecutive failures", snapshot.consecutiveFailures, atLeast: 0)
    try check("trips", snapshot.trips, atLeast: 0)
    await change { machine, now in
      switch snapshot.state {
      case .open, .halfOpen:
        return machine.restore(open: snapshot.remaining, trips: max(1, snapshot.trips), at: now)
      case .closed, .forcedOpen, .disabled:
        let transition = machine.reset(at: now)
        machine.restore(consecutiveFailures: snapshot.consecutiveFailures)
        return transition
      }
    }
  }

  private nonisolated func change(
    _ change: @Sendable (inout BreakerMachine, Moment) -> BreakerTransition?
  ) async {
    core.control(change)
    await deliverAnnouncements()
  }
}
