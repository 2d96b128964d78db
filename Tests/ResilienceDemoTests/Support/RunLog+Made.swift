@testable import ResilienceDemo

extension RunLog {
  /// A run of 10 s that went well: outage from 2.5 to 6.5 s, one call per 100 ms and client, open
  /// from 3 to 7 s.
  static func made(
    scenario: Scenario = .outage,
    _ policies: [ClientPolicy] = [.none, .standard],
    isSimulated: Bool = false
  ) -> RunLog {
    RunLog(
      options: Options(scenario: scenario, isSimulated: isSimulated),
      limits: Limits(duration: .seconds(10)),
      longestGap: .milliseconds(100),
      clients: policies.map { policy in
        let replicas = scenario.service.replicas
        guard policy == .standard else {
          return .made(policy, replicas, requests: [0, 25, 65]) { .made(at: $0, isOpen: false) }
        }
        return .made(policy, replicas, requests: [0, 25, 30], opening) {
          .made(at: $0, isOpen: (30..<70).contains($0))
        }
      }
    )
  }

  private static let opening = [
    Transition(from: "closed", to: "open", atSeconds: 3),
    Transition(from: "open", to: "half-open", atSeconds: 7),
    Transition(from: "half-open", to: "closed", atSeconds: 7.01),
  ]

  var bare: Client {
    get { clients[0] }
    set { clients[0] = newValue }
  }

  var standard: Client {
    get { clients[1] }
    set { clients[1] = newValue }
  }
}

extension RunLog.Client {
  fileprivate static func made(
    _ policy: ClientPolicy,
    _ replicas: Int,
    requests: [Int],
    _ transitions: [RunLog.Transition] = [],
    record: (Int) -> CallRecord
  ) -> Self {
    Self(
      policy: policy,
      records: (0..<100).map(record),
      marks: zip(requests, [0, 2_500, 6_500]).enumerated().map { index, mark in
        RunLog.Mark(
          phase: index,
          at: .milliseconds(mark.1),
          requestsByReplica: Array(repeating: mark.0, count: replicas),
          attempts: mark.0
        )
      },
      samples: (1...IntervalResult.count).map { RunLog.Sample(requests: $0, attempts: 2 * $0) },
      transitions: transitions
    )
  }
}

extension CallRecord {
  /// The call of one tenth of a second: 2 ms, or 0.1 ms if it is refused.
  fileprivate static func made(at tenth: Int, isOpen: Bool) -> CallRecord {
    let began = Duration.milliseconds(100 * tenth)
    let isFailing = (25..<65).contains(tenth)
    return CallRecord(
      due: began,
      began: began,
      ended: began + (isOpen ? .microseconds(100) : .milliseconds(2)),
      outcome: isOpen ? .refused : isFailing ? .failure("status 503") : .success
    )
  }
}

extension RunSnapshot {
  /// What is to be seen of a run at a moment of it.
  static func made(_ log: RunLog = .made(), at elapsed: Duration) -> RunSnapshot {
    RunSnapshot(
      options: log.options,
      limits: log.limits,
      elapsed: elapsed,
      clients: log.clients.map { Client($0, at: elapsed) }
    )
  }

  var bare: Client { clients[0] }
  var standard: Client { clients[1] }
}

extension RunSnapshot.Client {
  fileprivate init(_ client: RunLog.Client, at elapsed: Duration) {
    var tallies = [Ledger.Tally](repeating: Ledger.Tally(), count: IntervalResult.count)
    for record in client.records where record.ended <= elapsed {
      tallies[IntervalResult.index(of: record.ended, in: .seconds(10))].add(record.outcome)
    }
    self.init(
      policy: client.policy,
      description: Limits(duration: .seconds(10)).description(of: client.policy),
      tallies: tallies,
      marks: client.marks.filter { $0.at <= elapsed },
      transitions: client.transitions.filter { $0.atSeconds <= elapsed.seconds }
    )
  }
}
