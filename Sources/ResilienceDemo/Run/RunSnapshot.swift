/// What there is to be seen of a run at one moment, as a value that screens are drawn from.
struct RunSnapshot: Equatable, Sendable {
  struct Client: Equatable, Sendable {
    let policy: ClientPolicy
    /// The policies with their settings, on one line.
    let description: String
    /// One element per interval of the run, those to come included, oldest first.
    var tallies: [Ledger.Tally]
    /// The intervals that have begun, oldest first; the last one goes on.
    var intervals: [IntervalResult] = []
    /// The calls that ended in the last second.
    var lastSecond = Ledger.Tally()
    /// Their latency; `nil` if there were none.
    var latency: Quantiles?
    var inFlight = 0
    /// Calls that wait for a place in the bulkhead; `nil` if there is none.
    var queued: Int?
    /// Attempts so far beyond the first of each call.
    var retries = 0
    /// Requests that reached the service so far, counted by the service.
    var requests = 0
    /// Attempts so far, counted by the client.
    var attempts = 0
    /// One element per phase that its copy of the service has begun.
    var marks: [RunLog.Mark] = []
    /// The transitions of its breaker, oldest first.
    var transitions: [RunLog.Transition] = []

    var name: String { policy.name }

    /// The state of its breaker at the last transition; `nil` if it has none.
    var breakerState: String? {
      policy.hasBreaker ? transitions.last?.to ?? "closed" : nil
    }
  }

  let options: Options
  let limits: Limits
  let elapsed: Duration
  /// One element per client, in the order that was asked for.
  let clients: [Client]

  /// The changes of the service, as the copy underwent them that was changed last.
  var marks: [RunLog.Mark] { clients.last?.marks ?? [] }

  /// The phase of the present moment.
  var phase: Scenario.Phase? { marks.last.map { options.scenario.phases[$0.phase] } }
}

extension RunSnapshot.Client {
  /// Looks at a lane.
  init(_ lane: Lane, _ limits: Limits, now: Duration) {
    let records = lane.ledger.records(since: now - .seconds(1))
    self.init(
      policy: lane.policy,
      description: limits.description(of: lane.policy),
      tallies: lane.ledger.tallies
    )
    for record in records { lastSecond.add(record.outcome) }
    latency = Quantiles(records.filter { $0.outcome != .dropped }.map(\.latency))
    inFlight = lane.ledger.inFlight
    requests = lane.requestCount
    attempts = lane.meter.count
    retries = lane.meter.retries
    queued = lane.queued
    intervals = lane.ledger.intervals(
      upTo: RunLog.Sample(requests: requests, attempts: attempts)
    )
    marks = lane.ledger.marks
    transitions = lane.ledger.transitions
  }
}

extension RunSnapshot {
  /// A run that has not begun.
  static func before(_ options: Options) -> RunSnapshot {
    let limits = options.limits
    return RunSnapshot(
      options: options,
      limits: limits,
      elapsed: .zero,
      clients: options.policies.map { policy in
        Client(
          policy: policy,
          description: limits.description(of: policy),
          tallies: [Ledger.Tally](repeating: Ledger.Tally(), count: IntervalResult.count)
        )
      }
    )
  }
}
