// What becomes of calls that the word alone does not decide about.
extension BreakerCore {
  enum Admission {
    case pass(BreakerTicket)
    /// `retry` is when a caller that waits should ask again at the latest.
    case refuse(CircuitOpen, retry: Moment?)
  }

  /// Notes that a call begins whose duration matters, or that an observer is told of.
  ///
  /// - Returns: When it does.
  @usableFromInline
  func begin(_ seen: BreakerWord) -> Moment {
    let now = timeline.now
    if seen.isObserved { report(.admitted, at: now) }
    return now
  }

  /// Turns a call of an open circuit away without bothering the machine, if that is all there is.
  @usableFromInline
  func refuseAtOnce(_ seen: BreakerWord) throws(CircuitOpen) {
    guard mayRefuseAtOnce(seen) else { return }
    let now = timeline.now
    let until = openUntil
    guard now < until else { return }
    throw rejection(BreakerMachine.Refusal(state: .open, until: until), at: now)
  }

  /// Whether a call of an open circuit may be turned away without bothering the machine.
  @usableFromInline
  func refusesAtOnce(_ seen: BreakerWord) -> Bool {
    guard mayRefuseAtOnce(seen) else { return false }
    let until = openUntil
    // The coarse reading is some milliseconds late at most: a precise one is for the end only.
    return timeline.coarseNow.advanced(byNanoseconds: 100_000_000) < until || timeline.now < until
  }

  /// Whether nobody else has to know of a refusal.
  @inline(__always)
  private func mayRefuseAtOnce(_ seen: BreakerWord) -> Bool {
    seen.state == .open && !seen.has(BreakerWord.shadow) && !seen.isObserved
      && !surroundings.isExact
  }

  /// Asks for permission to call.
  func admit() -> Admission {
    let seen = glance
    if seen.state == .closed || seen.state == .disabled {
      let start = seen.has(BreakerWord.measured) || observer != nil ? timeline.now : .origin
      return .pass(BreakerTicket(seen, probe: 0, start: start))
    }
    let now = timeline.now
    let draw = draw()
    switch locked(at: now, { $0.admit(at: now, draw: draw) }, transition: { $0.transition }) {
    case .pass(let ticket, _):
      let word = BreakerWord(bits: UInt64(ticket.term) << 32)
      return .pass(BreakerTicket(word, probe: ticket.probe, start: now))
    case .passUncounted(let refusal, _):
      report(.wouldRefuse(rejection(refusal, at: now)), at: now)
      return .pass(BreakerTicket(seen, probe: BreakerTicket.uncounted, start: now))
    case .refuse(let refusal, _):
      return .refuse(rejection(refusal, at: now), retry: refusal.until)
    }
  }

  private func rejection(_ refusal: BreakerMachine.Refusal, at now: Moment) -> CircuitOpen {
    let trip = extrasIfMade?.lastTrip
    let isOpen = refusal.state == .open
    return CircuitOpen(
      policy: name,
      state: refusal.state,
      retryAfter: isOpen ? refusal.until.map { max(.zero, now.duration(to: $0)) } : nil,
      reason: trip?.reason,
      lastFailure: trip?.failure
    )
  }

  /// Whether a call would be let through now; asking changes nothing.
  var wouldAdmit: Bool {
    let now = timeline.now
    let draw = draw()
    var machine = read { $0 }
    return switch machine.admit(at: now, draw: draw) {
    case .pass, .passUncounted: true
    case .refuse: false
    }
  }

  /// Settles a call whose outcome has to be told to the machine.
  func settle(
    _ ticket: BreakerTicket,
    as verdict: Verdict,
    weight: Int = 1,
    error: (any Error)? = nil
  ) -> Settlement {
    guard !ticket.isUncounted else { return .recorded }
    let now = timeline.now
    let draw = draw()
    let elapsed = ticket.start.nanoseconds(to: now)
    let slowAfter = slowAfter
    let isSlow = verdict != .ignored && slowAfter != .max && elapsed >= slowAfter
    let hint = verdict == .failure ? error.flatMap { openHint(of: $0) } : nil
    let outcome = CallOutcome(verdict, isSlow: isSlow, weight: weight, openHint: hint)
    let effect = locked(
      at: now,
      { $0.settle(ticket.ticket, as: outcome, at: now, draw: draw) },
      transition: { $0.transition },
      failure: error
    )
    switch effect {
    case .recorded, .changed:
      // A probe that decided nothing has made room for another.
      if ticket.probe > 0 { extrasIfMade?.wakeLine(all: false) }
      report(.settled(verdict, isSlow: isSlow), at: now)
    case .stale:
      report(.stale(verdict), at: now)
      return .stale
    case .consider(let question):
      report(.settled(verdict, isSlow: isSlow), at: now)
      answer(question, at: now, failure: error)
    }
    return .recorded
  }

  /// Asks the rule's own code, outside the lock, and trips if it says so.
  private func answer(_ question: BreakerMachine.Question, at now: Moment, failure: (any Error)?) {
    guard plan.choices.trip.node.isMet(by: question) else { return }
    _ = locked(at: now, { $0.trip(question, at: now) }, transition: { $0 }, failure: failure)
  }

  /// Asks the rule again because a child has opened.
  func reconsider() {
    let states = extras.children.all.map(\.state)
    let open = OpenChildren(
      open: states.count { $0 == .open || $0 == .forcedOpen },
      all: states.count
    )
    let now = timeline.now
    let draw = draw()
    let effect = locked(
      at: now,
      { machine in
        machine.children = open
        return machine.reconsider(at: now, draw: draw)
      },
      transition: { $0.transition }
    )
    if case .consider(let question) = effect { answer(question, at: now, failure: nil) }
  }

  /// What becomes of callers beyond the probes.
  var excess: HalfOpenSettings.Excess { plan.choices.halfOpen.excess }

  private func openHint(of error: any Error) -> Duration? {
    plan.choices.open.hint(of: error)
  }
}
