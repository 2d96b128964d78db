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
  /// What it goes by.
  var plan: BreakerPlan
  private var counts = CallCounts()
  /// What there is to remember of a circuit that is not simply closed.
  private var trouble = Seldom<Trouble>()
  var term: UInt32
  private var failures: UInt32 = 0

  /// Creates a closed circuit.
  ///
  /// - Parameters:
  ///   - settings: How it behaves. Valid.
  ///   - now: When it is created.
  ///   - term: Number of the first term; later ones wrap around past the largest.
  init(_ settings: BreakerSettings, at now: Moment = .origin, term: UInt32 = 0) {
    plan = settings.plan
    self.term = term
    if settings.grace > .zero { trouble.value.graceEnd = now.advanced(by: settings.grace) }
  }

  // MARK: State

  var settings: BreakerSettings { BreakerSettings(plan) }

  var phase: Phase {
    get { trouble.value.phase }
    set { trouble.value.phase = newValue }
  }

  /// The most failures in a row that are told apart.
  static let mostFailures = Int(clamping: UInt32.max)

  /// Failures since the last success, up to ``mostFailures``.
  var consecutiveFailures: Int {
    get { Int(clamping: failures) }
    set { failures = UInt32(clamping: newValue) }
  }

  mutating func countFailures(_ count: Int) { failures.addSaturating(count) }

  /// How often the circuit has opened since it was last closed.
  var trips: Int {
    get { trouble.value.trips }
    set { trouble.value.trips = newValue }
  }

  var children: OpenChildren {
    get { trouble.value.children }
    set { trouble.value.children = newValue }
  }

  var holds: BreakerHolds {
    get { trouble.value.holds }
    set { trouble.value.holds = newValue }
  }

  /// Before which nothing is counted.
  var graceEnd: Moment { trouble.value.graceEnd }

  /// Begins a new term.
  mutating func enter(
    _ next: Phase,
    at now: Moment,
    because reason: BreakerTransition.Reason
  ) -> BreakerTransition {
    let before = phase
    term &+= 1
    phase = next
    consecutiveFailures = 0
    if next.state != .open && next.state != .halfOpen { trips = 0 }
    forgetCounts()
    return BreakerTransition(
      from: before.state,
      to: next.state,
      reason: reason,
      at: now,
      term: term
    )
  }

  // MARK: Windows

  mutating func record(_ outcome: CallTally, at now: Moment) {
    counts.record(outcome, at: now, in: plan.layout)
  }

  mutating func forgetCounts() { counts = CallCounts() }

  /// Whether the rule looks at windows at all.
  var hasWindows: Bool { !plan.layout.parts.isEmpty }

  /// What is counted in each of the rule's windows at `now`, in the order of the rule.
  func tallies(at now: Moment) -> [BreakerSnapshot.Window] {
    plan.layout.parts.map { part in
      .init(window: part.window, tally: counts.tally(of: part, at: now, in: plan.layout))
    }
  }

  func tally(of window: CallWindow, at now: Moment) -> CallTally {
    let layout = plan.layout
    let part = layout.parts.first { $0.window == window }
    return part.map { counts.tally(of: $0, at: now, in: layout) } ?? CallTally()
  }

  /// The state of the windows, for tests that tell machines apart.
  var windowRecords: [UInt64] { counts.contents(in: plan.layout) }

  // MARK: Questions

  /// Whether a success would change nothing, so that there is no need to tell the machine.
  var isIndifferentToSuccess: Bool {
    switch phase {
    case .closed: !hasWindows && consecutiveFailures == 0
    case .disabled: true
    case .open, .halfOpen, .forcedOpen: false
    }
  }

  /// Whether the circuit is closed, held by nobody, and remembers nothing against its callee.
  func isAtRest(at now: Moment) -> Bool {
    guard case .closed = phase, holds.isEmpty, consecutiveFailures == 0 else { return false }
    return plan.layout.parts.allSatisfy { part in
      let tally = counts.tally(of: part, at: now, in: plan.layout)
      return tally.failures == 0 && tally.slowCalls == 0
    }
  }
}

/// What a circuit that is closed, held by nobody and past its grace need not remember.
private struct Trouble: Usual {
  var phase = BreakerMachine.Phase.closed
  var trips = 0
  var children = OpenChildren()
  var holds = BreakerHolds()
  var graceEnd = Moment.distantPast
}
