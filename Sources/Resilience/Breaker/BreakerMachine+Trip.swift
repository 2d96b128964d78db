// How a circuit opens.
extension BreakerMachine {
  /// Opens a new circuit whose settings say that it begins so.
  mutating func start(at now: Moment, draw: Double) -> BreakerTransition? {
    settings.startsOpen ? open(at: now, draw: draw, because: .restored) : nil
  }

  mutating func consider(at now: Moment, draw: Double, openHint: Duration?) -> Effect {
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

  mutating func open(
    at now: Moment,
    draw: Double,
    openHint: Duration? = nil,
    because reason: BreakerTransition.Reason
  ) -> BreakerTransition {
    trips = trips == .max ? .max : trips + 1
    let duration = openHint ?? settings.open.duration(trips: trips, draw: draw)
    return enter(.open(until: now.advanced(by: duration)), at: now, because: reason)
  }

  private func question(at now: Moment, draw: Double, openHint: Duration?) -> Question {
    let tallies = tallies(at: now).map { ($0.window, $0.tally) }
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
      machine.tally(of: window, at: now)
    }
  }
}
