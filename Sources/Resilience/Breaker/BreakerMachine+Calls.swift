// How calls pass, and what their outcomes do.
extension BreakerMachine {
  /// Asks for permission to call.
  ///
  /// - Parameters:
  ///   - now: The present moment.
  ///   - draw: Drawn uniformly from 0 ..< 1; decides who passes on the ramp.
  /// - Returns: A ticket, or the reason why there is none.
  mutating func admit(at now: Moment, draw: Double = 0) -> Admission {
    switch phase {
    case .closed, .disabled:
      return .pass(Ticket(term: term), nil)

    case .forcedOpen:
      return refuse(until: nil)

    case .open(let until) where now < until:
      return refuse(until: until)

    case .open:
      var recovery = Recovery(since: now, step: 0)
      let probe = recovery.begin(leaseEnd: now.advanced(by: settings.halfOpen.lease))
      let change = enter(.halfOpen(recovery), at: now, because: .openDurationOver)
      return .pass(Ticket(term: term, probe: probe), change)

    case .halfOpen(let recovery):
      return admit(recovering: recovery, at: now, draw: draw)
    }
  }

  private mutating func admit(
    recovering recovery: Recovery,
    at now: Moment,
    draw: Double
  ) -> Admission {
    if let limit = settings.halfOpen.limit, recovery.since.advanced(by: limit) <= now {
      let change = open(at: now, draw: draw, because: .halfOpenTooLong)
      return refuse(until: phase.openUntil, change)
    }
    var recovery = recovery
    guard recovery.step == 0 else {
      let share = settings.halfOpen.ramp[recovery.step - 1]
      return draw < share ? .pass(Ticket(term: term), nil) : refuse(until: nil)
    }
    recovery.reclaim(at: now)
    defer { phase = .halfOpen(recovery) }
    guard recovery.probes.count < settings.halfOpen.probes else {
      return refuse(until: recovery.probes.map(\.leaseEnd).min())
    }
    let probe = recovery.begin(leaseEnd: now.advanced(by: settings.halfOpen.lease))
    return .pass(Ticket(term: term, probe: probe), nil)
  }

  private func refuse(until: Moment?, _ change: BreakerTransition? = nil) -> Admission {
    let refusal = Refusal(state: phase.state, until: until)
    return holds.isShadow && phase != .forcedOpen
      ? .passUncounted(refusal, change) : .refuse(refusal, change)
  }

  /// Gives a ticket back with the outcome of its call.
  ///
  /// - Parameters:
  ///   - ticket: What admitted the call.
  ///   - outcome: How it ended.
  ///   - now: The present moment.
  ///   - draw: Drawn uniformly from 0 ..< 1; decides the jitter of an open duration.
  /// - Returns: What became of it.
  mutating func settle(
    _ ticket: Ticket,
    as outcome: CallOutcome,
    at now: Moment,
    draw: Double = 0
  ) -> Effect {
    guard ticket.term == term else { return .stale }
    switch phase {
    case .closed:
      return settleClosed(outcome, at: now, draw: draw)
    case .halfOpen(let recovery):
      return settle(ticket, recovering: recovery, outcome, at: now, draw: draw)
    case .disabled:
      return .recorded
    case .open, .forcedOpen:
      // No ticket is issued in these: only one made up could get here.
      return .stale
    }
  }

  private mutating func settleClosed(
    _ outcome: CallOutcome,
    at now: Moment,
    draw: Double
  ) -> Effect {
    guard now >= graceEnd else { return .recorded }
    switch outcome.verdict {
    case .ignored: return .recorded
    case .success: consecutiveFailures = 0
    case .failure: countFailures(outcome.weight)
    }
    record(outcome.tally, at: now)
    guard outcome.verdict == .failure || outcome.isSlow else { return .recorded }
    return consider(at: now, draw: draw, openHint: outcome.openHint)
  }

  private mutating func settle(
    _ ticket: Ticket,
    recovering recovery: Recovery,
    _ outcome: CallOutcome,
    at now: Moment,
    draw: Double
  ) -> Effect {
    var recovery = recovery
    if recovery.step == 0 {
      recovery.reclaim(at: now)
      guard recovery.end(ticket.probe) else {
        phase = .halfOpen(recovery)
        return .stale
      }
    }
    guard outcome.verdict != .ignored else {
      phase = .halfOpen(recovery)
      return .recorded
    }
    recovery.count(success: outcome.verdict == .success && !outcome.isSlow)
    phase = .halfOpen(recovery)
    switch recovery.decision(by: settings.halfOpen.effectivePassing) {
    case .undecided:
      return .recorded
    case .failed:
      return .changed(
        open(at: now, draw: draw, openHint: outcome.openHint, because: .probesFailed)
      )
    case .passed where recovery.step < settings.halfOpen.ramp.count:
      let next = Recovery(since: recovery.since, step: recovery.step + 1)
      let share = settings.halfOpen.ramp[recovery.step]
      return .changed(enter(.halfOpen(next), at: now, because: .rampedUp(to: share)))
    case .passed:
      return .changed(enter(.closed, at: now, because: .probesSucceeded))
    }
  }

  /// Counts fast successes of the present term, of a closed circuit, as if one by one.
  mutating func count(successes: Int, at now: Moment) {
    guard now >= graceEnd else { return }
    consecutiveFailures = 0
    record(CallTally(successes: successes), at: now)
  }
}
