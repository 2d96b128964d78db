/// What became of one client's calls.
struct ClientResult: Codable, Equatable, Sendable {
  /// The name of its policies, such as `standard`.
  let name: String

  /// The policies with their settings, on one line.
  let description: String

  let calls: Int
  let successes: Int

  /// Calls that were made in vain, and calls that were dropped.
  let failures: Int

  /// Calls that a policy refused before anything was sent.
  let refusedAtOnce: Int

  /// Calls that the client was too busy to make; part of the failures.
  let dropped: Int

  /// Why calls failed, and how many of them for that reason.
  let failureReasons: [String: Int]

  /// Latency of all calls but dropped ones, refused ones included.
  let latency: Quantiles?

  /// Latency of the calls that were refused at once.
  let refusedLatency: Quantiles?

  /// The same without the calls in which the kernel gave the processor to someone else.
  ///
  /// A refusal runs for a tenth of a millisecond and does not suspend; on a busy machine it is the
  /// kernel's time slices, of some milliseconds each, that decide about the slowest of them.
  let undisturbedRefusedLatency: Quantiles?

  /// Requests that reached the service until the end of the run, counted by the service.
  let requests: Int

  /// Attempts made until the end of the run, counted by the client.
  let attempts: Int

  /// Requests that reached the service in its failing phases, counted by the service.
  let requestsWhileFailing: Int

  /// Attempts made in the failing phases, counted by the client.
  let attemptsWhileFailing: Int

  /// Time from the last recovery of the service to the end of the first of ten calls in a row, in the
  /// order in which they were due, that began after it and were all answered; absent if there are none.
  let recoveryMilliseconds: Double?

  /// What became of the service's wishes to be left alone for a while.
  let retryAfter: RetryAfterCounts

  /// How late a call began at most, because the machine was busy.
  let latestStartMilliseconds: Double

  /// What happened over time, oldest interval first.
  let intervals: [IntervalResult]

  /// The phases of its own copy of the service.
  let phases: [PhaseResult]

  /// The transitions of its own breaker, oldest first; none if it has no breaker.
  let transitions: [RunLog.Transition]

  init(_ client: RunLog.Client, in log: RunLog) {
    let scenario = log.options.scenario
    let records = client.records
    var reasons: [String: Int] = [:]
    for record in records {
      if case .failure(let reason) = record.outcome { reasons[reason, default: 0] += 1 }
    }
    name = client.policy.name
    description = log.limits.description(of: client.policy)
    calls = records.count
    successes = records.count { $0.outcome == .success }
    refusedAtOnce = records.count { $0.outcome == .refused }
    dropped = records.count { $0.outcome == .dropped }
    failures = calls - successes - refusedAtOnce
    failureReasons = reasons
    latency = Quantiles(records.filter { $0.outcome != .dropped }.map(\.latency))
    let refused = records.filter { $0.outcome == .refused }
    refusedLatency = Quantiles(refused.map(\.latency))
    undisturbedRefusedLatency = Quantiles(refused.filter { !$0.wasPreempted }.map(\.latency))
    requests = client.samples.last?.requests ?? 0
    attempts = client.samples.last?.attempts ?? 0
    requestsWhileFailing = client.growthWhileFailing(of: \.requests, in: scenario)
    attemptsWhileFailing = client.growthWhileFailing(of: \.attempts, in: scenario)
    recoveryMilliseconds = client.recovery(in: scenario)?.milliseconds
    retryAfter = client.retryAfter
    latestStartMilliseconds = records.map { $0.began - $0.due }.max()?.milliseconds ?? 0
    intervals = IntervalResult.series(of: client, duration: log.options.duration)
    phases = client.marks.map { mark in
      PhaseResult(scenario.phases[mark.phase], at: mark.at)
    }
    transitions = client.transitions
  }
}

extension ClientResult {
  /// Answers in a row that are taken for a recovery: one may be luck.
  static let recoveryCalls = 10

  /// Whether the client has a breaker.
  var hasBreaker: Bool { ClientPolicy(rawValue: name)?.hasBreaker ?? false }
}

/// A phase of a service, and when it began.
struct PhaseResult: Codable, Equatable, Sendable {
  let name: String
  let isFailing: Bool
  let beganAtSeconds: Double

  init(_ phase: Scenario.Phase, at moment: Duration) {
    name = phase.name
    isFailing = phase.isFailing
    beganAtSeconds = moment.seconds
  }
}

extension RunLog.Client {
  /// How much a counter grew between the beginning and the end of the failing phases.
  fileprivate func growthWhileFailing(
    of counter: KeyPath<RunLog.Mark, Int>,
    in scenario: Scenario
  ) -> Int {
    zip(marks, marks.dropFirst())
      .filter { scenario.phases[$0.0.phase].isFailing }
      .reduce(0) { $0 + $1.1[keyPath: counter] - $1.0[keyPath: counter] }
  }

  /// Time from the end of the last failing phase to the first of as many successes in a row as are
  /// no luck.
  fileprivate func recovery(in scenario: Scenario) -> Duration? {
    guard let failing = marks.lastIndex(where: { scenario.phases[$0.phase].isFailing }),
      let recovered = marks.dropFirst(failing + 1).first?.at
    else { return nil }
    let calls = records.filter { $0.began >= recovered }.sorted { $0.due < $1.due }
    var row = 0
    for (index, call) in calls.enumerated() {
      row = call.outcome == .success ? row + 1 : 0
      if row == ClientResult.recoveryCalls { return calls[index + 1 - row].ended - recovered }
    }
    return nil
  }
}
