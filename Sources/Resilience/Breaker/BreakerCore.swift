public import Synchronization

/// The shell around a ``BreakerMachine``: an atomic word for the calls that go well, and a lock for
/// the rest.
///
/// Nothing of the user's runs under the lock: classifiers, observers, hints and custom rules are
/// called before or after, and transitions are put in an outbox for the breaker's actor to announce.
@usableFromInline
final class BreakerCore: Sendable {
  private struct State {
    var machine: BreakerMachine
    var tick: BreakerTick
    /// Since when the successes in the word have been collected.
    var collectingSince = Moment.origin
    /// Transitions not yet announced, in order.
    var outbox: [BreakerTransition] = []
    /// Why the circuit opened last.
    var lastTrip: Trip?
  }

  /// Why a circuit opened.
  private struct Trip {
    let reason: BreakerTransition.Reason
    let failure: (any Error)?
  }

  @usableFromInline let word: Atomic<UInt64>
  /// The first moment whose successes belong to a later bucket than those in the word.
  private let bucketEnd = Atomic<Int64>(.min)
  /// The end of the present, or else the latest, open period.
  private let openUntil = Atomic<Int64>(.min)
  /// Nanoseconds after which a call is slow.
  private let slowAfter: Atomic<Int64>
  private let usesChance: Atomic<Bool>
  private let state: Guarded<State>
  /// Whether every call has to be looked at, even of a circuit that is closed.
  private let isExact: Bool

  let name: String
  let classifier: Classifier
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?
  let parent: CircuitBreaker?

  // Most breakers never need these, so each is made by the first who does.
  private let madeHooks = AtomicLazyReference<TransitionHooks>()
  private let madeLine = AtomicLazyReference<BreakerLine>()
  private let madeChildren = AtomicLazyReference<WeakList<BreakerCore>>()

  var hooks: TransitionHooks { madeHooks.load() ?? madeHooks.storeIfNil(TransitionHooks()) }
  var line: BreakerLine { madeLine.load() ?? madeLine.storeIfNil(BreakerLine()) }
  var children: WeakList<BreakerCore> { madeChildren.load() ?? madeChildren.storeIfNil(WeakList()) }

  init(
    name: String,
    _ settings: BreakerSettings,
    classifier: Classifier,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?,
    parent: CircuitBreaker?,
    term: UInt32
  ) {
    requireValid(settings.validate)
    PolicyCensus.note(.breaker, name)
    self.name = name
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.observer = observer
    self.parent = parent
    slowAfter = Atomic(settings.slowNanoseconds)
    usesChance = Atomic(settings.usesChance)
    let machine = BreakerMachine(name, settings, at: timeline.now, term: term)
    isExact = classifier.judgesValues || parent != nil
    let tick = BreakerTick(settings.trip, isExact: isExact, isObserved: observer != nil)
    word = Atomic(tick.word(of: machine).bits)
    state = Guarded(State(machine: machine, tick: tick))
    parent?.core.children.add(self)
    if settings.startsOpen {
      let draw = draw()
      control { machine, now in machine.start(at: now, draw: draw) }
    }
  }

  // MARK: What costs a load

  @inlinable var glance: BreakerWord { BreakerWord(bits: word.load(ordering: .acquiring)) }

  var currentState: BreakerState {
    switch glance.state {
    case .open: timeline.now.nanoseconds < openUntil.load(ordering: .acquiring) ? .open : .halfOpen
    case let state: state
    }
  }

  /// Whether the circuit is as it was seen, and a success changes nothing.
  @inlinable
  func isQuiet(since seen: BreakerWord) -> Bool { seen.isQuiet && glance == seen }

  /// Counts a success in the word, if it can be.
  ///
  /// - Parameters:
  ///   - admitted: The word by which the call was admitted.
  ///   - start: When the call began, where its duration matters.
  /// - Returns: Whether it has been counted, or there was nothing to count.
  @usableFromInline
  func countSuccess(since admitted: BreakerWord, _ start: Moment) -> Bool {
    let seen = glance
    if seen.isTimed || seen.isMeasured || seen.isObserved {
      let isPrecise = seen.isMeasured || seen.isObserved
      let now = isPrecise ? timeline.now : timeline.coarseNow
      guard now.nanoseconds < bucketEnd.load(ordering: .acquiring) else { return false }
      if isPrecise {
        guard !seen.isMeasured || start.nanoseconds(to: now) < slowAfter.load(ordering: .relaxed),
          count(seen, since: admitted)
        else { return false }
        if seen.isObserved { report(.settled(.success, isSlow: false), at: now) }
        return true
      }
    }
    return count(seen, since: admitted)
  }

  @inline(__always)
  private func count(_ seen: BreakerWord, since admitted: BreakerWord) -> Bool {
    var seen = seen
    while seen.isOfTerm(admitted), seen.collects {
      guard let next = seen.counting else { return false }
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen.bits,
        desired: next.bits,
        ordering: .acquiringAndReleasing
      )
      if exchanged { return true }
      seen = BreakerWord(bits: original)
    }
    // One that has nothing to count, or became so meanwhile.
    return seen.isOfTerm(admitted) && seen.isUnmoved
  }

  // MARK: Calls

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
    if seen.has(BreakerWord.observed) { report(.admitted, at: now) }
    return now
  }

  /// Turns a call of an open circuit away without bothering the machine, if that is all there is.
  @usableFromInline
  func refuseAtOnce(_ seen: BreakerWord) throws(CircuitOpen) {
    guard mayRefuseAtOnce(seen) else { return }
    let now = timeline.now
    let until = Moment(nanoseconds: openUntil.load(ordering: .acquiring))
    guard now < until else { return }
    throw rejection(BreakerMachine.Refusal(state: .open, until: until), at: now)
  }

  /// Whether a call of an open circuit may be turned away without bothering the machine.
  @usableFromInline
  func refusesAtOnce(_ seen: BreakerWord) -> Bool {
    guard mayRefuseAtOnce(seen) else { return false }
    let until = openUntil.load(ordering: .acquiring)
    // The coarse reading is some milliseconds late at most: a precise one is for the end only.
    let rough = timeline.coarseNow.advanced(byNanoseconds: 100_000_000)
    return rough.nanoseconds < until || timeline.now.nanoseconds < until
  }

  /// Whether nobody else has to know of a refusal.
  @inline(__always)
  private func mayRefuseAtOnce(_ seen: BreakerWord) -> Bool {
    seen.state == .open && !seen.has(BreakerWord.shadow) && !isExact && observer == nil
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
    let trip = state.withLock { $0.lastTrip }
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
    return state.withLock { state in
      var copy = state.machine
      return switch copy.admit(at: now, draw: draw) {
      case .pass, .passUncounted: true
      case .refuse: false
      }
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
    let slowAfter = slowAfter.load(ordering: .relaxed)
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
      if ticket.probe > 0 { madeLine.load()?.wake(all: false) }
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
    let rule = state.withLock { $0.machine.settings.trip.node }
    guard rule.isMet(by: question) else { return }
    _ = locked(at: now, { $0.trip(question, at: now) }, transition: { $0 }, failure: failure)
  }

  /// Asks the rule again because a child has opened.
  func reconsider() {
    let states = children.all.map(\.currentState)
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
  var excess: HalfOpenSettings.Excess { state.withLock { $0.machine.settings.halfOpen.excess } }

  private func draw() -> Double {
    usesChance.load(ordering: .relaxed) ? random.unit() : 0
  }

  private func openHint(of error: any Error) -> Duration? {
    state.withLock { $0.machine.settings.open }.hint(of: error)
  }

  // MARK: Control and questions

  func control(_ change: (inout BreakerMachine, Moment) -> BreakerTransition?) {
    let now = timeline.now
    _ = locked(at: now, { change(&$0, now) }, transition: { $0 })
  }

  func replace(_ settings: BreakerSettings) {
    slowAfter.store(settings.slowNanoseconds, ordering: .relaxed)
    usesChance.store(settings.usesChance, ordering: .relaxed)
    let now = timeline.now
    _ = locked(
      at: now,
      { $0.replace(settings, at: now) },
      transition: { $0 },
      tick: BreakerTick(settings.trip, isExact: isExact, isObserved: observer != nil)
    )
  }

  var settings: BreakerSettings { state.withLock { $0.machine.settings } }

  func snapshot() -> BreakerSnapshot {
    let now = timeline.now
    return locked(at: now, { BreakerSnapshot($0, at: now) }, transition: { _ in nil })
  }

  /// Whether forgetting the circuit now would lose nothing.
  var isAtRest: Bool {
    guard glance.state == .closed else { return false }
    let now = timeline.now
    return locked(at: now, { $0.isAtRest(at: now) }, transition: { _ in nil })
      && madeChildren.load()?.isEmpty ?? true
  }

  // MARK: The lock

  /// Runs `body` on a machine that has been told of all successes before.
  private func locked<R>(
    at now: Moment,
    _ body: (inout BreakerMachine) -> R,
    transition: (R) -> BreakerTransition?,
    failure: (any Error)? = nil,
    tick: BreakerTick? = nil
  ) -> R {
    let (result, isTransition) = state.withLock { state in
      let pending = take().pending
      if pending > 0 { state.machine.count(successes: pending, at: state.collectingSince) }
      let result = body(&state.machine)
      let transition = transition(result)
      if let transition {
        if hasHooks { state.outbox.append(transition) }
        if transition.to == .open || transition.to == .forcedOpen {
          state.lastTrip = Trip(reason: transition.reason, failure: failure)
        }
      }
      if let tick { state.tick = tick }
      release(&state, at: now)
      return (result, transition != nil)
    }
    // A line made since finds the change itself: who joins one asks again, under the lock.
    if isTransition { madeLine.load()?.wake(all: true) }
    return result
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
    bucketEnd.store(state.tick.end(of: state.collectingSince), ordering: .releasing)
    if let until = state.machine.phase.openUntil {
      openUntil.store(until.nanoseconds, ordering: .releasing)
    }
    word.store(state.tick.word(of: state.machine).bits, ordering: .releasing)
  }

  // MARK: What is told

  /// The oldest transition not yet announced.
  func nextAnnouncement() -> BreakerTransition? {
    state.withLock { $0.outbox.isEmpty ? nil : $0.outbox.removeFirst() }
  }

  var hasAnnouncements: Bool {
    hasHooks && state.withLock { !$0.outbox.isEmpty }
  }

  private var hasHooks: Bool { madeHooks.load()?.isNeeded ?? false }

  func report(_ kind: @autoclosure () -> Event.Kind, at now: @autoclosure () -> Moment) {
    observer?.observe(Event(policy: name, at: now(), kind: kind()))
  }
}

extension BreakerSettings {
  fileprivate var slowNanoseconds: Int64 { slowAfter?.clampedNanoseconds ?? .max }

  fileprivate var usesChance: Bool { open.usesChance || !halfOpen.ramp.isEmpty }
}
