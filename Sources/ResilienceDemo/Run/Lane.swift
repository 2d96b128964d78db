import Resilience

/// A client, its own copy of the service, and what is noted of both.
struct Lane: Sendable {
  let policy: ClientPolicy
  let meter: AttemptMeter
  let ledger: Ledger
  private let stand: Stand
  private let clock: RunClock
  private let callsInFlight: Int
  private let isDisturbed: Bool

  /// Opens a copy of the service, and makes a client of it.
  ///
  /// - Throws: What keeps the service from opening.
  init(
    _ policy: ClientPolicy,
    _ options: Options,
    _ limits: Limits,
    _ clock: RunClock,
    at venue: some Venue
  ) throws {
    let ledger = Ledger(policy, duration: options.duration)
    self.policy = policy
    self.ledger = ledger
    self.clock = clock
    meter = AttemptMeter(timeline: venue.timeline)
    stand = try venue.open(policy, options, limits, meter: meter)
    callsInFlight = limits.callsInFlight
    isDisturbed = venue.isDisturbed
    stand.breaker?.onStateChange { change in
      ledger.note(
        RunLog.Transition(
          from: change.from.description,
          to: change.to.description,
          atSeconds: clock.time(of: change.at).seconds
        )
      )
    }
  }

  /// Requests that have reached the service.
  var requestCount: Int { stand.service.requestCount }

  /// Makes a call and writes down what came of it.
  func perform(_ arrival: CallSchedule.Arrival) async {
    let began = clock.now
    guard ledger.begin(limit: callsInFlight) else {
      return ledger.drop(
        CallRecord(due: arrival.at, began: began, ended: began, outcome: .dropped)
      )
    }
    let watch = isDisturbed ? PreemptionWatch() : nil
    let (outcome, lackedPlace) = await outcome(of: arrival.call)
    let ended = clock.now
    ledger.end(
      CallRecord(
        due: arrival.at,
        began: began,
        ended: ended,
        outcome: outcome,
        wasPreempted: watch?.hasSeenPreemption ?? false,
        lackedPlace: lackedPlace
      )
    )
  }

  /// Changes how the service behaves from now on.
  ///
  /// - Parameters:
  ///   - phase: The behaviour.
  ///   - index: Number of the phase.
  ///   - end: When the next one is to begin, since the run began.
  func enter(_ phase: Scenario.Phase, index: Int, until end: Duration) {
    let (requests, attempts) = (stand.service.requestsByReplica, meter.count)
    stand.service.enter(phase, for: end - clock.now)
    ledger.note(
      RunLog.Mark(phase: index, at: clock.now, requestsByReplica: requests, attempts: attempts)
    )
  }

  /// Breaks the service by hand, whatever its phase; empty to heal it.
  func breakByHand(_ faults: [Fault]) {
    stand.service.breakByHand(faults)
  }

  /// Calls that wait for a place in the bulkhead; `nil` if there is none.
  var queued: Int? { stand.bulkhead?.queued }

  /// Notes the counters of the moment.
  func sample() {
    ledger.note(RunLog.Sample(requests: requestCount, attempts: meter.count))
  }

  /// Notes what can be said when the last call has ended.
  func finish() {
    ledger.note(meter.retryAfter)
  }

  /// Ends the client and the service, and waits for the latter.
  func close() async {
    stand.client.close()
    await stand.service.close()
  }

  private func outcome(of call: UserCall) async -> (CallOutcome, lackedPlace: Bool) {
    let attempts = CallAttempts()
    do {
      let reply = try await CallAttempts.$current.withValue(attempts) {
        try await stand.client.send(call)
      }
      return (call.isAnswered(by: reply) ? .success : .failure("unexpected reply"), false)
    } catch {
      return (CallOutcome(error, attempts: attempts.count), error is BulkheadFull)
    }
  }
}
