/// The rules of a circuit breaker, as a value: no lock, no clock, no closure.
///
/// Time and chance enter as arguments and effects leave as return values, so a whole life of a
/// breaker can be replayed in a test without waiting.
///
///                rule is met              open duration over, next call
///     closed ──────────────────▶ open ─────────────────────────▶ halfOpen ◀─┐ next step
///        ▲                        ▲                                 │  │  └─┘ of the ramp
///        │                        └── not gone well, or too long ───┘  │
///        └──────────────────────── gone well ──────────────────────────┘
///
/// Each transition begins a new *term*. A ticket carries the term that issued it, and is worthless
/// in any other: a result from before moves nothing and frees no place.
///
/// ## Source
/// Nygard, M. (2007). *Release It!*, section 5.2. The term is the generation of
/// [gobreaker](https://github.com/sony/gobreaker).
struct BreakerMachine: Sendable {
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

  let name: String
  private(set) var settings: BreakerSettings
  private(set) var phase: Phase
  private(set) var term: UInt32
  private(set) var consecutiveFailures = 0
  /// How often the circuit has opened since it was last closed.
  private(set) var trips = 0
  var children = OpenChildren()
  private(set) var holds = BreakerHolds()
  private let graceEnd: Moment
  private var windows: [(window: CallWindow, record: WindowRecord)]

  /// Creates a closed circuit.
  ///
  /// - Parameters:
  ///   - name: What transitions call it.
  ///   - settings: How it behaves. Valid.
  ///   - now: When it is created.
  ///   - term: Number of the first term; later ones wrap around past the largest.
  init(_ name: String, _ settings: BreakerSettings, at now: Moment = .origin, term: UInt32 = 0) {
    self.name = name
    self.settings = settings
    self.term = term
    phase = .closed
    graceEnd = settings.grace > .zero ? now.advanced(by: settings.grace) : .distantPast
    windows = settings.trip.node.windows.map { ($0, WindowRecord($0)) }
  }

  /// Opens a new circuit whose settings say that it begins so.
  mutating func start(at now: Moment, draw: Double) -> BreakerTransition? {
    settings.startsOpen ? open(at: now, draw: draw, because: .restored) : nil
  }

  // MARK: Calls

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
    case .failure: consecutiveFailures += outcome.weight
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

  // MARK: Tripping

  private mutating func consider(at now: Moment, draw: Double, openHint: Duration?) -> Effect {
    let rule = settings.trip.node
    guard !rule.isCustom else {
      return .consider(question(at: now, draw: draw, openHint: openHint))
    }
    guard rule.isMet(by: Count(machine: self, now: now)) else { return .recorded }
    return .changed(trip(at: now, draw: draw, openHint: openHint))
  }

  /// Asks the rule again because the number of open children has changed.
  mutating func reconsider(at now: Moment, draw: Double) -> Effect {
    guard case .closed = phase, now >= graceEnd else { return .recorded }
    return consider(at: now, draw: draw, openHint: nil)
  }

  /// Opens the circuit because the rule, asked the given question, was met.
  ///
  /// - Parameters:
  ///   - question: What the rule was asked.
  ///   - now: The present moment.
  /// - Returns: The transition, or `nil` when another call has made one since.
  mutating func trip(_ question: Question, at now: Moment) -> BreakerTransition? {
    guard question.term == term, case .closed = phase else { return nil }
    return trip(at: now, draw: question.draw, openHint: question.openHint)
  }

  private mutating func trip(at now: Moment, draw: Double, openHint: Duration?) -> BreakerTransition
  {
    let reason = BreakerTransition.Reason.ruleMet(settings.trip.description)
    return open(at: now, draw: draw, openHint: openHint, because: reason)
  }

  private mutating func open(
    at now: Moment,
    draw: Double,
    openHint: Duration? = nil,
    because reason: BreakerTransition.Reason
  ) -> BreakerTransition {
    trips = trips == .max ? .max : trips + 1
    let duration = openHint ?? settings.open.duration(trips: trips, draw: draw)
    return enter(.open(until: now.advanced(by: duration)), at: now, because: reason)
  }

  // MARK: Control

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
    self.settings = settings
    windows = settings.trip.node.windows.map { ($0, WindowRecord($0)) }
    switch phase {
    case .closed: return enter(.closed, at: now, because: .settingsReplaced)
    case .halfOpen: return enter(.open(until: now), at: now, because: .settingsReplaced)
    case .open, .forcedOpen, .disabled: return nil
    }
  }

  private mutating func enter(
    _ next: Phase,
    at now: Moment,
    because reason: BreakerTransition.Reason
  ) -> BreakerTransition {
    let before = phase
    term &+= 1
    phase = next
    consecutiveFailures = 0
    if next.state != .open && next.state != .halfOpen { trips = 0 }
    for index in windows.indices { windows[index].record = WindowRecord(windows[index].window) }
    return BreakerTransition(
      breaker: name,
      from: before.state,
      to: next.state,
      reason: reason,
      at: now,
      term: term
    )
  }

  private mutating func record(_ outcome: CallTally, at now: Moment) {
    for index in windows.indices { windows[index].record.record(outcome, at: now) }
  }

  // MARK: Questions

  /// Whether a success would change nothing, so that there is no need to tell the machine.
  var isIndifferentToSuccess: Bool {
    switch phase {
    case .closed: windows.isEmpty && consecutiveFailures == 0
    case .disabled: true
    case .open, .halfOpen, .forcedOpen: false
    }
  }

  /// Whether the circuit is closed, held by nobody, and remembers nothing against its callee.
  func isAtRest(at now: Moment) -> Bool {
    guard case .closed = phase, holds.isEmpty, consecutiveFailures == 0 else { return false }
    return windows.allSatisfy { window in
      let tally = window.record.tally(at: now)
      return tally.failures == 0 && tally.slowCalls == 0
    }
  }

  /// Whether the rule looks at windows at all.
  var hasWindows: Bool { !windows.isEmpty }

  /// What is counted in each of the rule's windows at `now`, in the order of the rule.
  func tallies(at now: Moment) -> [BreakerSnapshot.Window] {
    windows.map { .init(window: $0.window, tally: $0.record.tally(at: now)) }
  }

  /// The state of the windows, for tests that tell machines apart.
  var windowRecords: [WindowRecord] { windows.map(\.record) }

  private func question(at now: Moment, draw: Double, openHint: Duration?) -> Question {
    let tallies = windows.map { ($0.window, $0.record.tally(at: now)) }
    return Question(
      term: term,
      draw: draw,
      openHint: openHint,
      consecutiveFailures: consecutiveFailures,
      children: children,
      tallies: Dictionary(uniqueKeysWithValues: tallies)
    )
  }
}

extension BreakerMachine {
  /// What the trip rule decides by, and the term in which its answer is good.
  struct Question: Hashable, Sendable, TripCount {
    let term: UInt32
    fileprivate let draw: Double
    fileprivate let openHint: Duration?
    let consecutiveFailures: Int
    let children: OpenChildren
    fileprivate let tallies: [CallWindow: CallTally]

    func tally(of window: CallWindow) -> CallTally { tallies[window] ?? CallTally() }
  }

  /// What a machine has counted, read without copying it.
  private struct Count: TripCount {
    let machine: BreakerMachine
    let now: Moment

    var consecutiveFailures: Int { machine.consecutiveFailures }
    var children: OpenChildren { machine.children }

    func tally(of window: CallWindow) -> CallTally {
      machine.windows.first { $0.window == window }?.record.tally(at: now) ?? CallTally()
    }
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
