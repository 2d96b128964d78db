import Foundation
import Testing

@testable import ResilienceDemo

@Suite("Result")
struct RunResultTests {
  private let result = RunResult(.made())

  @Test("Each client is there under its name, with what was noted of it alone")
  func clients() {
    #expect(result.clients.map(\.name) == ["none", "standard"])
    #expect(result.bare.transitions == [] && result.standard.transitions.count == 3)
    #expect(result.bare.description == "URLSession with a timeout of 2 s")
    #expect(result.standard.phases.map(\.beganAtSeconds) == [0, 2.5, 6.5])
    #expect(result.phases.map(\.name) == ["healthy", "failing", "recovered"])
    #expect(result.client(.retry) == nil && result.client(.standard) == result.standard)
  }

  @Test("Without the standard client there is nothing to claim")
  func noClaims() {
    var log = RunLog.made()
    log.clients.removeLast()
    #expect(RunResult(log).claims == [] && RunResult(log).claimsHold)
    #expect(RunResult(log).notChecked == Scenario.outage.claims)
    log = .made()
    log.clients.removeFirst()
    #expect(RunResult(log).claims.count == 3)
    #expect(RunResult(log).notChecked == [.sparesTheService])
  }

  @Test("Every call is counted once")
  func counts() {
    #expect(result.bare.calls == 100)
    #expect(result.bare.successes == 60)
    #expect(result.bare.failures == 40)
    #expect(result.bare.failureReasons == ["status 503": 40])
    #expect(result.standard.calls == 100)
    #expect(result.standard.successes == 55)
    #expect(result.standard.failures == 5)
    #expect(result.standard.refusedAtOnce == 40)
  }

  @Test("Requests count while the service fails: between the marks of its failing phases")
  func load() {
    #expect(result.bare.requestsWhileFailing == 40)
    #expect(result.standard.requestsWhileFailing == 5)
    #expect(result.standard.attemptsWhileFailing == 5)
  }

  @Test("Recovery is the end of the first of ten successes that began after the service recovered")
  func recovery() {
    #expect(result.bare.recoveryMilliseconds == 2)
    #expect(result.standard.recoveryMilliseconds == 502)
  }

  @Test("A lucky answer is no recovery, and nine in a row are none either")
  func luck() throws {
    var log = RunLog.made()
    let lucky = try #require(log.standard.records.firstIndex { $0.due == .milliseconds(6_700) })
    log.standard.records[lucky] = .answered(at: .milliseconds(6_700))
    #expect(RunResult(log).standard.recoveryMilliseconds == 502)
    log.standard.records.removeAll { $0.due >= .milliseconds(7_000) }
    for call in 0..<9 {
      log.standard.records.append(.answered(at: .milliseconds(7_000 + 10 * call)))
    }
    #expect(RunResult(log).standard.recoveryMilliseconds == nil)
    log.standard.records.insert(.answered(at: .milliseconds(7_090)), at: 0)
    #expect(RunResult(log).standard.recoveryMilliseconds == 502, "the order is that of the calls")
  }

  @Test("A success that began before the recovery is none of it, and without one there is none")
  func noRecovery() {
    var log = RunLog.made()
    log.standard.records.removeAll { $0.began >= .milliseconds(6_500) }
    log.standard.records.append(
      CallRecord(
        due: .seconds(6),
        began: .seconds(6),
        ended: .seconds(7),
        outcome: .success
      )
    )
    #expect(RunResult(log).standard.recoveryMilliseconds == nil)
  }

  @Test("Dropped calls are failures, and have no latency")
  func dropped() {
    var log = RunLog.made()
    log.bare.records = [
      CallRecord(due: .zero, began: .milliseconds(3), ended: .milliseconds(3), outcome: .dropped),
      CallRecord(due: .zero, began: .zero, ended: .milliseconds(4), outcome: .success),
    ]
    let bare = RunResult(log).bare
    #expect(bare.failures == 1 && bare.dropped == 1 && bare.successes == 1)
    #expect(bare.latency?.samples == 1)
    #expect(bare.latestStartMilliseconds == 3)
  }

  @Test("Intervals hold every call once, and what was sent in each")
  func intervals() {
    let intervals = result.standard.intervals
    #expect(intervals.count == IntervalResult.count)
    #expect(intervals.reduce(0) { $0 + $1.successes + $1.failures + $1.refusedAtOnce } == 100)
    #expect(intervals.allSatisfy { $0.requests == 1 && $0.attempts == 2 })
    #expect(intervals.last?.endSeconds == 10)
  }

  @Test("The JSON is one object, from which the result can be read back")
  func json() throws {
    let text = try JSONReport.text(result)
    #expect(text.hasPrefix("{") && text.hasSuffix("}\n"))
    #expect(try JSONDecoder().decode(RunResult.self, from: Data(text.utf8)) == result)
  }
}

extension CallRecord {
  fileprivate static func answered(at time: Duration) -> CallRecord {
    CallRecord(due: time, began: time, ended: time + .milliseconds(2), outcome: .success)
  }
}
