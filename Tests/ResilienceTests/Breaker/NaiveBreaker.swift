@testable import Resilience

/// A circuit breaker written as plainly as can be, to compare the real one with.
///
/// It remembers every call and counts anew each time, and shares nothing with the machine but the
/// settings.
struct NaiveBreaker {
  struct Call {
    let time: Int64
    let failed: Bool
    let slow: Bool
    let weight: Int
  }

  struct Ticket {
    let term: Int
    let probe: Int
  }

  let settings: BreakerSettings
  var state = BreakerState.closed
  var term = 0
  var history: [Call] = []
  var openUntil: Int64 = 0
  var trips = 0
  var step = 0
  var halfOpenSince: Int64 = 0
  var probes: [(number: Int, end: Int64)] = []
  var probesBegun = 0
  var good = 0
  var bad = 0
  var held: [UInt64: BreakerMode] = [:]

  init(_ settings: BreakerSettings) {
    self.settings = settings
  }

  // MARK: Commands

  /// A ticket, or `nil` for a refusal; a probe number of -1 marks a call that is not counted.
  mutating func admit(at now: Int64, draw: Double) -> Ticket? {
    let isShadow = held.values.contains(.shadow)
    let refused = isShadow && state != .forcedOpen ? Ticket(term: term, probe: -1) : nil
    if state == .closed || state == .disabled { return Ticket(term: term, probe: 0) }
    if state == .forcedOpen { return nil }
    if state == .open {
      if now < openUntil { return refused }
      move(to: .halfOpen)
      halfOpenSince = now
    }
    if let limit = settings.halfOpen.limit, now - halfOpenSince >= nanoseconds(limit) {
      open(at: now, hint: nil)
      return isShadow ? Ticket(term: term, probe: -1) : nil
    }
    if step > 0 {
      return draw < settings.halfOpen.ramp[step - 1] ? Ticket(term: term, probe: 0) : refused
    }
    probes = probes.filter { $0.end > now }
    if probes.count >= settings.halfOpen.probes { return refused }
    probesBegun += 1
    probes.append((probesBegun, now + nanoseconds(settings.halfOpen.lease)))
    return Ticket(term: term, probe: probesBegun)
  }

  /// Whether the outcome was of the present term.
  mutating func settle(_ ticket: Ticket, _ outcome: CallOutcome, at now: Int64) -> Bool {
    if ticket.term != term { return false }
    switch state {
    case .disabled: return true
    case .open, .forcedOpen: return false
    case .closed:
      if outcome.verdict == .ignored { return true }
      let failed = outcome.verdict == .failure
      history.append(
        Call(time: now, failed: failed, slow: outcome.isSlow, weight: outcome.weight)
      )
      if failed || outcome.isSlow, isMet(settings.trip.node, at: now) {
        open(at: now, hint: outcome.openHint)
      }
      return true
    case .halfOpen:
      if step == 0 {
        probes = probes.filter { $0.end > now }
        guard probes.contains(where: { $0.number == ticket.probe }) else { return false }
        probes = probes.filter { $0.number != ticket.probe }
      }
      if outcome.verdict == .ignored { return true }
      if outcome.verdict == .success && !outcome.isSlow { good += 1 } else { bad += 1 }
      decide(at: now, hint: outcome.openHint)
      return true
    }
  }

  mutating func hold(_ mode: BreakerMode?, by id: UInt64) {
    held[id] = mode
    if held.values.contains(.forcedOpen) {
      if state != .forcedOpen { move(to: .forcedOpen) }
    } else if held.values.contains(.disabled) {
      if state != .disabled { move(to: .disabled) }
    } else if state == .forcedOpen || state == .disabled {
      move(to: .closed)
    }
  }

  mutating func reset() {
    move(to: state == .forcedOpen || state == .disabled ? state : .closed)
  }

  // MARK: Counting anew

  var failuresInARow: Int {
    history.reversed().prefix { $0.failed }.map(\.weight).reduce(0, +)
  }

  func calls(in window: CallWindow, at now: Int64) -> [(failed: Bool, slow: Bool)] {
    func each(_ calls: [Call]) -> [(failed: Bool, slow: Bool)] {
      calls.flatMap { call in
        Array(repeating: (call.failed, call.slow), count: call.weight)
      }
    }
    switch window {
    case .lastCalls(let size):
      return Array(each(history).suffix(size))
    case .rolling(let duration, let buckets):
      let length = (nanoseconds(duration) + Int64(buckets) - 1) / Int64(buckets)
      return each(history.filter { $0.time / length > now / length - Int64(buckets) })
    }
  }

  private func isMet(_ node: TripNode, at now: Int64) -> Bool {
    switch node {
    case .consecutiveFailures(let n):
      return failuresInARow >= n
    case .rate(let trait, let rate, let window, let minimum):
      let calls = calls(in: window, at: now)
      let marked = calls.count { trait == .failed ? $0.failed : $0.slow }
      return calls.count >= minimum && Double(marked) / Double(calls.count) >= rate
    case .failures(let n, let window):
      return calls(in: window, at: now).count { $0.failed } >= n
    case .openChildren:
      return false
    case .custom(_, let window, let condition):
      let calls = calls(in: window, at: now)
      var tally = CallTally()
      for call in calls {
        if call.failed { tally.failures += 1 } else { tally.successes += 1 }
        if call.slow && call.failed { tally.slowFailures += 1 }
        if call.slow && !call.failed { tally.slowSuccesses += 1 }
      }
      return condition(TripReading(consecutiveFailures: failuresInARow, window: tally))
    case .any(let lhs, let rhs):
      return isMet(lhs, at: now) || isMet(rhs, at: now)
    case .all(let lhs, let rhs):
      return isMet(lhs, at: now) && isMet(rhs, at: now)
    }
  }

  private mutating func decide(at now: Int64, hint: Duration?) {
    switch settings.halfOpen.passing ?? .successes(settings.halfOpen.probes) {
    case .successes(let n):
      if bad > 0 { open(at: now, hint: hint) } else if good >= n { pass(at: now) }
    case .successRate(let rate, let outcomes):
      let best = Double(outcomes - bad) / Double(outcomes)
      if Double(good) / Double(outcomes) >= rate {
        pass(at: now)
      } else if best < rate {
        open(at: now, hint: hint)
      }
    }
  }

  private mutating func pass(at now: Int64) {
    let next = step + 1
    let since = halfOpenSince
    guard next <= settings.halfOpen.ramp.count else { return move(to: .closed) }
    move(to: .halfOpen)
    step = next
    halfOpenSince = since
  }

  private mutating func open(at now: Int64, hint: Duration?) {
    let before = trips
    move(to: .open)
    trips = before + 1
    openUntil = now + nanoseconds(hint ?? settings.open.duration(trips: trips, draw: 0))
  }

  private mutating func move(to next: BreakerState) {
    if next != .open && next != .halfOpen { trips = 0 }
    state = next
    term += 1
    history = []
    step = 0
    probes = []
    good = 0
    bad = 0
  }

  private func nanoseconds(_ duration: Duration) -> Int64 {
    Int64(duration / .nanoseconds(1))
  }
}
