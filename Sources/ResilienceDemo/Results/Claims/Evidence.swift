/// What claims are checked against: the log of a run, and what was reckoned of each client.
struct Evidence {
  /// A claim without its name.
  struct Finding {
    let claim: String
    let measured: String
    let holds: Bool
  }

  /// A client that took part.
  struct Witness {
    let log: RunLog.Client
    let result: ClientResult
  }

  let log: RunLog
  private let results: [ClientResult]

  init(_ log: RunLog, _ results: [ClientResult]) {
    self.log = log
    self.results = results
  }

  var scenario: Scenario { log.options.scenario }
  var duration: Duration { log.options.duration }

  /// The client with the given policies; `nil` if it did not take part.
  func witness(_ policy: ClientPolicy) -> Witness? {
    guard let index = log.clients.firstIndex(where: { $0.policy == policy }) else { return nil }
    return Witness(log: log.clients[index], result: results[index])
  }

  /// The last quarter of the run, if the service has been well for all of it.
  var end: Range<Duration>? {
    let begin = duration * 3 / 4
    guard let last = scenario.starts(in: duration).last, last < begin else { return nil }
    return begin..<duration
  }
}

extension Evidence.Witness {
  /// The calls that were due in a stretch of the run, and how many of them were answered well.
  func answered(dueIn range: Range<Duration>) -> (well: Int, calls: Int) {
    let calls = log.records.filter { range.contains($0.due) }
    return (calls.count { $0.outcome == .success }, calls.count)
  }

  /// Requests that a replica received in the failing phases, counted by itself.
  func requestsWhileFailing(at replica: Int) -> Int {
    zip(log.marks, log.marks.dropFirst())
      .filter { failing.contains($0.0.phase) }
      .reduce(0) { $0 + $1.1.requestsByReplica[replica] - $1.0.requestsByReplica[replica] }
  }

  /// When the last phase began.
  var lastChange: Duration { log.marks.last?.at ?? .zero }

  private var failing: Set<Int> {
    Set(result.phases.indices.filter { result.phases[$0].isFailing })
  }
}
