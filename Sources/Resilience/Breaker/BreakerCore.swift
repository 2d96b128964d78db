public import Synchronization

/// The shell around a ``BreakerMachine``: an atomic word for the calls that go well, and a lock for
/// the rest.
///
/// Nothing of the user's runs under the lock: classifiers, observers, hints and custom rules are
/// called before or after, and transitions are put in an outbox to be announced.
///
/// There may be a breaker for each of a hundred thousand keys. What is the same for many of them is
/// shared by reference, and what few of them need is made by the first who does; what is left lies
/// in the breaker itself, and what is counted in one more piece of the heap.
@usableFromInline
struct BreakerCore: ~Copyable, Sendable {
  struct State {
    var machine: BreakerMachine
    /// Since when the successes in the word have been collected.
    var collectingSince = Moment.origin
  }

  @usableFromInline let word: Atomic<UInt64>
  /// The first moment whose successes belong to a later bucket than those in the word.
  private let bucketEnd = Atomic<Int64>(.min)
  private let openEnd = Atomic<Int64>(.min)
  let name: String
  let surroundings: BreakerSurroundings
  private let madeExtras = MadeOnce<BreakerExtras>()
  private let state: Guarded<State>

  init(
    name: String,
    _ settings: BreakerSettings,
    surroundings: BreakerSurroundings,
    term: UInt32
  ) {
    requireValid(settings.validate)
    PolicyCensus.note(.breaker, name)
    self.name = name
    self.surroundings = surroundings
    let machine = BreakerMachine(settings, at: surroundings.timeline.now, term: term)
    let tick = machine.plan.layout.tick
    word = Atomic(tick.word(of: machine, in: surroundings).bits)
    state = Guarded(State(machine: machine))
    setSlowAfter(settings.plan)
  }

  // MARK: What is shared, and what few need

  var classifier: Classifier { surroundings.classifier }
  var timeline: Timeline { surroundings.timeline }
  var observer: (any Observer)? { surroundings.observer }
  var parent: CircuitBreaker? { surroundings.parent }

  /// What few breakers need, as far as it has been made.
  var extrasIfMade: BreakerExtras? { madeExtras.ifMade }
  var extras: BreakerExtras { madeExtras.get(BreakerExtras()) }
  var line: BreakerLine { extras.line }

  /// Nanoseconds after which a call is slow.
  var slowAfter: Int64 { extrasIfMade?.slowAfter.load(ordering: .relaxed) ?? .max }

  func setSlowAfter(_ plan: BreakerPlan) {
    guard plan.slowAfter != slowAfter else { return }
    extras.slowAfter.store(plan.slowAfter, ordering: .relaxed)
  }

  /// A number drawn by chance, where it matters.
  func draw() -> Double { glance.has(BreakerWord.chance) ? surroundings.random.unit() : 0 }

  // MARK: What costs a load

  @inlinable var glance: BreakerWord { BreakerWord(bits: word.load(ordering: .acquiring)) }

  /// The end of the present, or else the latest, open period.
  var openUntil: Moment { Moment(nanoseconds: openEnd.load(ordering: .acquiring)) }

  var currentState: BreakerState {
    switch glance.state {
    case .open: timeline.now < openUntil ? .open : .halfOpen
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
        guard !seen.isMeasured || start.nanoseconds(to: now) < slowAfter,
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

  // MARK: The lock

  /// Reads the machine as the last who was at it has left it.
  func read<R>(_ body: (BreakerMachine) -> R) -> R {
    state.withLock { body($0.machine) }
  }

  /// Runs `body` on a machine that has been told of all successes before.
  func locked<R>(
    at now: Moment,
    _ body: (inout BreakerMachine) -> R,
    transition: (R) -> BreakerTransition?,
    failure: (any Error)? = nil
  ) -> R {
    let (result, isTransition) = state.withLock { state in
      let pending = take().pending
      if pending > 0 { state.machine.count(successes: pending, at: state.collectingSince) }
      let result = body(&state.machine)
      let transition = transition(result)
      if let transition { note(transition, failure) }
      release(&state, at: now)
      return (result, transition != nil)
    }
    // A line made since finds the change itself: who joins one asks again, under the lock.
    if isTransition { extrasIfMade?.wakeLine(all: true) }
    return result
  }

  /// Remembers a transition for those who are told of it, and for those who will be refused.
  private func note(_ transition: BreakerTransition, _ failure: (any Error)?) {
    if transition.to == .open || transition.to == .forcedOpen {
      extras.note(.init(reason: transition.reason, failure: failure))
    }
    guard let extras = extrasIfMade, extras.hasHooks else { return }
    var transition = transition
    transition.breaker = name
    extras.post(transition)
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
    let tick = state.machine.plan.layout.tick
    bucketEnd.store(tick.end(of: state.collectingSince), ordering: .releasing)
    if let until = state.machine.phase.openUntil {
      openEnd.store(until.nanoseconds, ordering: .releasing)
    }
    word.store(tick.word(of: state.machine, in: surroundings).bits, ordering: .releasing)
  }
}
