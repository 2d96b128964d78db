import Testing

@testable import ResilienceDemo

@Suite("Intervals of a ledger")
struct LedgerIntervalTests {
  private let ledger = Ledger(.none, duration: .seconds(60))

  private func end(at milliseconds: Int, after latency: Int = 10) {
    ledger.drop(
      CallRecord(
        due: .zero,
        began: .milliseconds(milliseconds - latency),
        ended: .milliseconds(milliseconds),
        outcome: .success
      )
    )
  }

  @Test("The interval that goes on is there, with what has happened in it")
  func running() {
    end(at: 100, after: 20)
    let intervals = ledger.intervals(upTo: .init(requests: 3, attempts: 4))
    #expect(intervals.map(\.successes) == [1])
    #expect(intervals.map(\.p99Milliseconds) == [20])
    #expect(intervals.map(\.requests) == [3] && intervals.map(\.attempts) == [4])
    #expect(intervals.map(\.endSeconds) == [1])
  }

  @Test("A sample ends an interval, and what is counted then belongs to the next one")
  func finished() {
    end(at: 100)
    end(at: 1_050)
    ledger.note(RunLog.Sample(requests: 3, attempts: 4))
    end(at: 1_100)
    let intervals = ledger.intervals(upTo: .init(requests: 5, attempts: 9))
    #expect(intervals.map(\.successes) == [1, 2])
    #expect(intervals.map(\.requests) == [3, 2] && intervals.map(\.attempts) == [4, 5])
  }

  @Test("There are never more intervals than a run has, and they are those of the result")
  func whole() {
    for second in 0..<60 { end(at: second * 1_000 + 500) }
    for number in 1...60 { ledger.note(RunLog.Sample(requests: number, attempts: 2 * number)) }
    let intervals = ledger.intervals(upTo: .init(requests: 99, attempts: 99))
    #expect(intervals.count == IntervalResult.count)
    #expect(intervals == IntervalResult.series(of: ledger.client, duration: .seconds(60)))
  }
}
