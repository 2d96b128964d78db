public import Synchronization

/// The shell around a ``BreakerMachine``: an atomic word for the calls that go well, and a lock for
/// the rest.
///
/// Nothing of the user's runs under the lock: classifiers, observers and custom rules are called
/// before or after, and transitions are put in an outbox for the breaker's actor to announce.
@usableFromInline
final class BreakerCore: Sendable {
  private struct State {
    var machine: BreakerMachine
    /// Since when the successes in the word have been collected.
    var collectingSince = Moment.origin
    /// Transitions not yet announced, in order.
    var outbox: [BreakerTransition] = []
  }

  @usableFromInline let word: Atomic<UInt64>
  /// The first moment whose successes belong to a later bucket than those in the word.
  private let bucketEnd = Atomic<Int64>(.min)
  /// The end of the present, or else the latest, open period.
  private let openUntil = Atomic<Int64>(.min)
  private let state: Mutex<State>

  let settings: BreakerSettings
  let classifier: Classifier
  let timeline: Timeline
  let observer: (any Observer)?
  let hooks = TransitionHooks()
  private let tick: BreakerTick

  init(
    _ settings: BreakerSettings,
    classifier: Classifier,
    timeline: Timeline,
    observer: (any Observer)?,
    term: UInt32
  ) {
    self.settings = settings
    self.classifier = classifier
    self.timeline = timeline
    self.observer = observer
    let isExact = observer != nil || classifier.judgesValues
    tick = BreakerTick(windows: settings.trip.node.windows, isExact: isExact)
    let machine = BreakerMachine(settings, term: term)
    state = Mutex(State(machine: machine))
    word = Atomic(tick.word(of: machine).bits)
  }

  // MARK: What costs a load

  @inlinable var glance: BreakerWord { BreakerWord(bits: word.load(ordering: .acquiring)) }

  var currentState: BreakerState {
    let state = glance.state
    guard state == .open else { return state }
    return timeline.now.nanoseconds < openUntil.load(ordering: .acquiring) ? .open : .halfOpen
  }

  /// Counts a success in the word, if it can be.
  @usableFromInline
  func countSuccess(of ticket: BreakerWord) -> Bool {
    var seen = glance
    if seen.has(BreakerWord.timed) {
      guard timeline.coarseNow.nanoseconds < bucketEnd.load(ordering: .acquiring) else {
        return false
      }
    }
    while seen.isOfTerm(ticket), seen.bits & BreakerWord.flags & ~BreakerWord.timed == 0 {
      guard let next = seen.counting else { return false }
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen.bits,
        desired: next.bits,
        ordering: .acquiringAndReleasing
      )
      if exchanged { return true }
      seen = BreakerWord(bits: original)
    }
    return false
  }

  // MARK: What takes the lock

  /// Asks for permission to call.
  ///
  /// - Throws: `CircuitOpen`.
  func admit() throws(CircuitOpen) -> BreakerWord {
    let seen = glance
    if seen.state == .closed { return seen }
    let now = timeline.now
    // Most callers of an open circuit are turned away here, without the lock.
    let until = Moment(nanoseconds: openUntil.load(ordering: .acquiring))
    if seen.state == .open, now < until { throw refuse(until: until, at: now) }

    switch locked(at: now, { $0.admit(at: now) }, transition: { $0.transition }) {
    case .pass(let ticket, _):
      return BreakerWord(bits: UInt64(ticket.term) << 32)
    case .refuse(let until):
      throw refuse(until: until, at: now)
    }
  }

  private func refuse(until: Moment?, at now: Moment) -> CircuitOpen {
    let remaining = until.map { end in
      // Another period may have begun since `now` was read; the refusal never says more than one.
      max(.zero, min(now.duration(to: end), settings.openDuration))
    }
    let error = CircuitOpen(
      policy: settings.name,
      state: until == nil ? .halfOpen : .open,
      retryAfter: remaining
    )
    report(.refused(error), at: now)
    return error
  }

  /// Settles a call whose outcome has to be told to the machine.
  func settle(_ word: BreakerWord, as verdict: Verdict) -> Settlement {
    let now = timeline.now
    let ticket = word.ticket
    let settle = { (machine: inout BreakerMachine) in
      machine.settle(ticket, as: verdict, at: now)
    }
    switch locked(at: now, settle, transition: { $0.transition }) {
    case .recorded, .changed:
      report(.settled(verdict), at: now)
    case .stale:
      report(.stale(verdict), at: now)
      return .stale
    case .consider(let question):
      report(.settled(verdict), at: now)
      if settings.trip.isMet(by: question) {
        _ = locked(at: now, { $0.trip(question, at: now) }, transition: { $0 })
      }
    }
    return .recorded
  }

  func snapshot() -> BreakerSnapshot {
    let now = timeline.now
    return locked(at: now, { BreakerSnapshot($0, at: now) }, transition: { _ in nil })
  }

  /// Runs `body` on a machine that has been told of all successes before.
  private func locked<R>(
    at now: Moment,
    _ body: (inout BreakerMachine) -> R,
    transition: (R) -> BreakerTransition?
  ) -> R {
    state.withLock { state in
      let pending = take().pending
      if pending > 0 { state.machine.count(successes: pending, at: state.collectingSince) }
      let result = body(&state.machine)
      if let transition = transition(result), hooks.isNeeded { state.outbox.append(transition) }
      release(&state, at: now)
      return result
    }
  }

  /// Keeps the successes out of the word while the machine is at work.
  private func take() -> BreakerWord {
    var seen = glance
    while true {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen.bits,
        desired: seen.taken.bits,
        ordering: .acquiringAndReleasing
      )
      if exchanged { return seen }
      seen = BreakerWord(bits: original)
    }
  }

  private func release(_ state: inout State, at now: Moment) {
    state.collectingSince = max(state.collectingSince, now)
    bucketEnd.store(tick.end(of: state.collectingSince), ordering: .releasing)
    if case .open(let until) = state.machine.phase {
      openUntil.store(until.nanoseconds, ordering: .releasing)
    }
    word.store(tick.word(of: state.machine).bits, ordering: .releasing)
  }

  // MARK: What is told

  /// The oldest transition not yet announced.
  func nextAnnouncement() -> BreakerTransition? {
    state.withLock { $0.outbox.isEmpty ? nil : $0.outbox.removeFirst() }
  }

  var hasAnnouncements: Bool {
    hooks.isNeeded && state.withLock { !$0.outbox.isEmpty }
  }

  func reportAdmission() {
    if observer != nil { report(.admitted, at: timeline.now) }
  }

  private func report(_ kind: Event.Kind, at now: Moment) {
    observer?.observe(Event(policy: settings.name, at: now, kind: kind))
  }
}
