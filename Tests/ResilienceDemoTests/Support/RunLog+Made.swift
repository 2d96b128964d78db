@testable import ResilienceDemo

extension RunLog {
  /// A run of 10 s that went well: outage from 2.5 to 6.5 s, one call per 100 ms and client, open
  /// from 3 to 7 s.
  static func made(scenario: Scenario = .outage) -> RunLog {
    var log = RunLog(
      options: Options(scenario: scenario),
      limits: Limits(duration: .seconds(10)),
      longestGap: .milliseconds(100)
    )
    log.bare = .made(requests: [0, 25, 65]) { .made(at: $0, isOpen: false) }
    log.protected = .made(requests: [0, 25, 30]) { .made(at: $0, isOpen: (30..<70).contains($0)) }
    log.transitions = [
      Transition(from: "closed", to: "open", atSeconds: 3),
      Transition(from: "open", to: "half-open", atSeconds: 7),
      Transition(from: "half-open", to: "closed", atSeconds: 7.01),
    ]
    return log
  }
}

extension RunLog.Lane {
  fileprivate static func made(requests: [Int], record: (Int) -> CallRecord) -> Self {
    Self(
      records: (0..<100).map(record),
      marks: zip(requests, [0, 2_500, 6_500]).enumerated().map { index, mark in
        RunLog.Mark(phase: index, at: .milliseconds(mark.1), requests: mark.0, attempts: mark.0)
      },
      samples: (1...IntervalResult.count).map { RunLog.Sample(requests: $0, attempts: 2 * $0) }
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
      marks: log.protected.marks.filter { $0.at <= elapsed },
      transitions: log.transitions.filter { $0.atSeconds <= elapsed.seconds },
      bare: Client(log.bare, at: elapsed),
      protected: Client(log.protected, at: elapsed)
    )
  }
}

extension RunSnapshot.Client {
  fileprivate init(_ lane: RunLog.Lane, at elapsed: Duration) {
    var tallies = [Ledger.Tally](repeating: Ledger.Tally(), count: IntervalResult.count)
    for record in lane.records where record.ended <= elapsed {
      tallies[IntervalResult.index(of: record.ended, in: .seconds(10))].add(record.outcome)
    }
    self.init(tallies: tallies)
  }
}
