import ResilienceTesting

/// What there is to be seen of a run at one moment, as a value that screens are drawn from.
struct RunSnapshot: Equatable, Sendable {
  struct Client: Equatable, Sendable {
    /// One element per interval of the run, those to come included, oldest first.
    var tallies: [Ledger.Tally]
    /// The calls that ended in the last second.
    var lastSecond = Ledger.Tally()
    /// Their latency; `nil` if there were none.
    var latency: Quantiles?
    var inFlight = 0
    /// Requests that reached the service so far, counted by the service.
    var requests = 0
    /// Attempts so far, counted by the client.
    var attempts = 0
  }

  let options: Options
  let limits: Limits
  let elapsed: Duration
  /// One element per phase that has begun.
  let marks: [RunLog.Mark]
  let transitions: [RunLog.Transition]
  let bare: Client
  let protected: Client

  /// The phase of the present moment.
  var phase: Scenario.Phase? { marks.last.map { options.scenario.phases[$0.phase] } }

  /// The state of the breaker at the last transition.
  var breakerState: String { transitions.last?.to ?? "closed" }
}

extension RunSnapshot.Client {
  /// Looks at a lane.
  init(_ lane: Lane, now: Duration) {
    let records = lane.ledger.records(since: now - .seconds(1))
    self.init(tallies: lane.ledger.tallies)
    for record in records { lastSecond.add(record.outcome) }
    latency = Quantiles(records.filter { $0.outcome != .dropped }.map(\.latency))
    inFlight = lane.ledger.inFlight
    requests = lane.server.requestCount
    attempts = lane.meter.count
  }
}
