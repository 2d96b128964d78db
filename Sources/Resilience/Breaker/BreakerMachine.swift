/// The rules of a circuit breaker, as a value: no lock, no clock, no closure.
///
/// Time enters as an argument and effects leave as return values, so a whole life of a breaker can
/// be replayed in a test without waiting.
///
///                rule is met              open duration over, next call
///     closed ──────────────────▶ open ─────────────────────────▶ halfOpen
///        ▲                        ▲                                 │  │
///        │                        └────────── any failure ──────────┘  │
///        └──────────────────── enough successful probes ───────────────┘
///
/// Each transition begins a new *term*. A ticket carries the term that issued it, and is worthless
/// in any other: a result from before moves nothing and frees no place.
///
/// ## Source
/// Nygard, M. (2007). *Release It!*, section 5.2. The term is the generation of
/// [gobreaker](https://github.com/sony/gobreaker).
struct BreakerMachine: Sendable {
  enum Phase: Equatable, Sendable {
    /// Every call passes. Leaves for `open` when the trip rule is met.
    case closed
    /// No call passes before `until`. Leaves for `halfOpen` at the first call from then on.
    case open(until: Moment)
    /// At most `probes` calls run at once. Leaves for `closed` once enough succeeded, or for
    /// `open` at the first failure.
    case halfOpen(running: Int, succeeded: Int)
  }

  /// Permission for one call.
  struct Ticket: Equatable, Sendable {
    let term: UInt32
  }

  enum Admission: Equatable, Sendable {
    case pass(Ticket, BreakerTransition?)
    /// `until` is when to ask again; `nil` when that hangs on the probes that are running.
    case refuse(until: Moment?)
  }

  enum Effect: Equatable, Sendable {
    /// The outcome was counted, or was one to ignore.
    case recorded
    /// The ticket was of an earlier term: nothing was changed.
    case stale
    case changed(BreakerTransition)
    /// The rule has a condition of the user's, which is not ours to call: see `trip(_:at:)`.
    case consider(Question)
  }

  /// What the trip rule decides by, and the term in which its answer is good.
  struct Question: Equatable, Sendable {
    let term: UInt32
    let consecutiveFailures: Int
    let tallies: [CallWindow: CallTally]
  }

  let settings: BreakerSettings
  private(set) var phase = Phase.closed
  private(set) var term: UInt32
  private(set) var consecutiveFailures = 0
  private var windows: [(window: CallWindow, record: WindowRecord)]

  /// Creates a closed circuit.
  ///
  /// - Parameters:
  ///   - settings: How it behaves.
  ///   - term: Number of the first term; later ones wrap around past the largest.
  init(_ settings: BreakerSettings, term: UInt32 = 0) {
    self.settings = settings
    self.term = term
    windows = settings.trip.node.windows.map { ($0, WindowRecord($0)) }
  }

  /// Asks for permission to call.
  mutating func admit(at now: Moment) -> Admission {
    switch phase {
    case .closed:
      return .pass(Ticket(term: term), nil)

    case .open(let until) where now < until:
      return .refuse(until: until)

    case .open:
      let change = enter(.halfOpen(running: 1, succeeded: 0), at: now)
      return .pass(Ticket(term: term), change)

    case .halfOpen(let running, let succeeded):
      guard running < settings.probes else { return .refuse(until: nil) }
      phase = .halfOpen(running: running + 1, succeeded: succeeded)
      return .pass(Ticket(term: term), nil)
    }
  }

  /// Gives a ticket back with the outcome of its call.
  mutating func settle(_ ticket: Ticket, as verdict: Verdict, at now: Moment) -> Effect {
    guard ticket.term == term else { return .stale }

    switch (phase, verdict) {
    case (.closed, .success):
      count(successes: 1, at: now)
      return .recorded

    case (.closed, .failure):
      consecutiveFailures += 1
      record(CallTally(failures: 1), at: now)
      return consider(at: now)

    case (.closed, .ignored):
      return .recorded

    case (.open, _):
      // No ticket is issued while open: only one made up could get here.
      return .stale

    case (.halfOpen, .failure):
      return .changed(open(at: now))

    case (.halfOpen(let running, let succeeded), .success):
      guard succeeded + 1 >= settings.successesToClose else {
        phase = .halfOpen(running: running - 1, succeeded: succeeded + 1)
        return .recorded
      }
      return .changed(enter(.closed, at: now))

    case (.halfOpen(let running, let succeeded), .ignored):
      phase = .halfOpen(running: running - 1, succeeded: succeeded)
      return .recorded
    }
  }

  /// Counts successes of the present term, of a closed circuit, as if they had come one by one.
  mutating func count(successes: Int, at now: Moment) {
    consecutiveFailures = 0
    record(CallTally(successes: successes), at: now)
  }

  /// Opens the circuit because the rule, asked the given question, was met.
  ///
  /// - Returns: The transition, or `nil` when another call has made one since.
  mutating func trip(_ question: Question, at now: Moment) -> BreakerTransition? {
    guard question.term == term, case .closed = phase else { return nil }
    return open(at: now)
  }

  /// Whether a success would change nothing, so that there is no need to tell the machine.
  var isIndifferentToSuccess: Bool {
    phase == .closed && windows.isEmpty && consecutiveFailures == 0
  }

  /// Whether the rule looks at windows at all.
  var hasWindows: Bool { !windows.isEmpty }

  /// What is counted in each of the rule's windows at `now`, in the order of the rule.
  func tallies(at now: Moment) -> [BreakerSnapshot.Window] {
    windows.map { .init(window: $0.window, tally: $0.record.tally(at: now)) }
  }

  private mutating func consider(at now: Moment) -> Effect {
    guard !settings.trip.node.isCustom else { return .consider(question(at: now)) }
    let isMet = settings.trip.node.isMet(consecutiveFailures: consecutiveFailures) { window in
      tally(of: window, at: now)
    }
    return isMet ? .changed(open(at: now)) : .recorded
  }

  private func question(at now: Moment) -> Question {
    let tallies = windows.map { ($0.window, $0.record.tally(at: now)) }
    return Question(
      term: term,
      consecutiveFailures: consecutiveFailures,
      tallies: Dictionary(uniqueKeysWithValues: tallies)
    )
  }

  private func tally(of window: CallWindow, at now: Moment) -> CallTally {
    windows.first { $0.window == window }?.record.tally(at: now) ?? CallTally()
  }

  private mutating func open(at now: Moment) -> BreakerTransition {
    enter(.open(until: now.advanced(by: settings.openDuration)), at: now)
  }

  private mutating func record(_ outcome: CallTally, at now: Moment) {
    for index in windows.indices { windows[index].record.record(outcome, at: now) }
  }

  private mutating func enter(_ next: Phase, at now: Moment) -> BreakerTransition {
    defer {
      phase = next
      consecutiveFailures = 0
      for index in windows.indices {
        windows[index].record = WindowRecord(windows[index].window)
      }
    }
    term &+= 1
    return BreakerTransition(
      breaker: settings.name,
      from: phase.state,
      to: next.state,
      at: now,
      term: term
    )
  }
}

extension BreakerMachine.Phase {
  var state: BreakerState {
    switch self {
    case .closed: .closed
    case .open: .open
    case .halfOpen: .halfOpen
    }
  }
}

extension TripRule {
  /// Whether the rule is met by what a machine counted; calls code of the user.
  func isMet(by question: BreakerMachine.Question) -> Bool {
    node.isMet(consecutiveFailures: question.consecutiveFailures) { window in
      question.tallies[window] ?? CallTally()
    }
  }
}

extension BreakerMachine.Admission {
  var transition: BreakerTransition? {
    if case .pass(_, let transition) = self { transition } else { nil }
  }
}

extension BreakerMachine.Effect {
  var transition: BreakerTransition? {
    if case .changed(let transition) = self { transition } else { nil }
  }
}
