import Testing

@testable import ResilienceDemo

@Suite("Claims")
struct ClaimTests {
  @Test("All hold for a run that went well")
  func good() {
    #expect(RunResult(.made()).claimsHold)
  }

  @Test("A breaker that opens before the service fails breaks one")
  func earlyOpening() {
    var log = RunLog.made()
    log.standard.transitions.insert(.init(from: "closed", to: "open", atSeconds: 1), at: 0)
    #expect(failed(log) == [.staysClosed])
  }

  @Test("A standard client that sends more than half as much breaks one")
  func load() {
    var log = RunLog.made()
    log.standard.marks[2] = .init(
      phase: 2,
      at: .milliseconds(6_500),
      requestsByReplica: [46],
      attempts: 46
    )
    #expect(failed(log) == [.sparesTheService])
  }

  @Test("Nothing against nothing spares nobody")
  func noLoad() {
    var log = RunLog.made()
    for client in log.clients.indices {
      log.clients[client].marks = log.clients[client].marks.map(mark)
    }
    #expect(failed(log).contains(.sparesTheService))
  }

  @Test("Where connections are refused, attempts count instead of requests")
  func refusedConnections() {
    var log = RunLog.made(scenario: .refuse)
    for index in log.bare.marks.indices {
      let (bare, standard) = (log.bare.marks[index], log.standard.marks[index])
      log.bare.marks[index] = mark(bare)
      log.standard.marks[index] = mark(standard)
    }
    #expect(failed(log) == [])
  }

  @Test("Refusals that take a millisecond break one, and so does it when there are none")
  func slowRefusals() {
    var log = RunLog.made()
    let slow = log.standard.records.map { record in
      guard record.outcome == .refused else { return record }
      return CallRecord(
        due: record.due,
        began: record.began,
        ended: record.began + .milliseconds(1),
        outcome: .refused
      )
    }
    log.standard.records = slow
    #expect(failed(log) == [.refusesAtOnce])
    log.standard.records = slow.filter { $0.outcome != .refused }
    #expect(failed(log) == [.refusesAtOnce])
  }

  @Test("A simulated run claims that calls were refused, not how soon")
  func simulatedRefusals() throws {
    var log = RunLog.made(isSimulated: true)
    let claim = try #require(RunResult(log).claims.first { $0.name == .refusesAtOnce })
    #expect(claim.holds && !claim.claim.contains("ms") && claim.measured == "40 calls")
    log.standard.records.removeAll { $0.outcome == .refused }
    #expect(failed(log).contains(.refusesAtOnce))
  }

  @Test("What the kernel interrupted is excused, and counted all the same")
  func preemption() {
    var log = RunLog.made()
    log.standard.records.append(
      CallRecord(
        due: .seconds(4),
        began: .seconds(4),
        ended: .seconds(5),
        outcome: .refused,
        wasPreempted: true
      )
    )
    let result = RunResult(log)
    #expect(result.standard.refusedLatency?.maxMilliseconds == 1_000)
    #expect(result.standard.undisturbedRefusedLatency?.samples == 40)
  }

  @Test("A late recovery breaks one, and so does none")
  func lateRecovery() {
    var log = RunLog.made()
    log.standard.records.removeAll {
      $0.outcome == .success && (6_500..<8_000).contains($0.began.milliseconds)
    }
    #expect(failed(log) == [])
    log.standard.records.removeAll {
      $0.outcome == .success && (6_500..<8_100).contains($0.began.milliseconds)
    }
    #expect(failed(log) == [.recovers])
    log.standard.records.removeAll { $0.began >= .milliseconds(6_500) }
    #expect(failed(log) == [.recovers])
  }

  @Test("A retry before Retry-After is over breaks one, and so does it if nobody was told")
  func earlyRetry() {
    var log = RunLog.made(scenario: .limited, [.retry, .standard])
    log.standard.retryAfter = RetryAfterCounts(asked: 7, honoured: 3, early: 0)
    #expect(!failed(log).contains(.honoursRetryAfter))
    log.standard.retryAfter.early = 1
    #expect(failed(log).contains(.honoursRetryAfter))
    log.standard.retryAfter = RetryAfterCounts(asked: 7, honoured: 0, early: 0)
    #expect(failed(log).contains(.honoursRetryAfter), "nothing was repeated")
    log.standard.retryAfter = RetryAfterCounts()
    #expect(failed(log).contains(.honoursRetryAfter))
  }

  @Test("Failures that the standard client does not hide break one")
  func badReplica() {
    var log = RunLog.made(scenario: .replica)
    #expect(failed(log).contains(.hidesTheBadReplica), "the breaker refused forty")
    log.standard.records = log.standard.records.map { record in
      var record = record
      record.lackedPlace = record.outcome == .refused
      return record
    }
    #expect(!failed(log).contains(.hidesTheBadReplica), "the bulkhead refused forty")
    log.standard.records = log.bare.records
    #expect(failed(log).contains(.hidesTheBadReplica))
  }

  @Test("The end is judged only if the service has been well for a quarter of the run")
  func noEnd() {
    let scenario = Scenario(
      name: "late",
      summary: "",
      lookAt: "",
      phases: [.healthy(60), .failing(20, .hang), .recovered(20)],
      claims: [.naiveRetriesKeepItDown]
    )
    let result = RunResult(.made(scenario: scenario, [.retry]))
    #expect(result.claims == [] && result.notChecked == [.naiveRetriesKeepItDown])
    let early = RunResult(.made(scenario: .overload, [.retry]))
    #expect(early.claims.map(\.name) == [.naiveRetriesKeepItDown])
  }

  @Test("A service that a quarter of the calls do not get back breaks one")
  func notBack() {
    var log = RunLog.made(scenario: .overload, [.retry, .standard])
    #expect(!failed(log).contains(.getsTheServiceBack))
    log.standard.records = log.standard.records.map { record in
      guard record.began >= .milliseconds(7_000) else { return record }
      return CallRecord(
        due: record.due,
        began: record.began,
        ended: record.ended,
        outcome: .refused
      )
    }
    #expect(failed(log).contains(.getsTheServiceBack))
  }

  private func mark(_ mark: RunLog.Mark) -> RunLog.Mark {
    RunLog.Mark(phase: mark.phase, at: mark.at, requestsByReplica: [0], attempts: mark.attempts)
  }

  private func failed(_ log: RunLog) -> [ClaimName] {
    RunResult(log).claims.filter { !$0.holds }.map(\.name)
  }
}
