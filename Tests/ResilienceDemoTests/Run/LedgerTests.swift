import Testing

@testable import ResilienceDemo

@Suite("Ledger")
struct LedgerTests {
  private let ledger = Ledger(.none, duration: .seconds(60))

  @Test("No more calls begin than may be in flight, and the place of one that ended is free")
  func limit() {
    #expect(ledger.begin(limit: 2) && ledger.begin(limit: 2))
    #expect(!ledger.begin(limit: 2))
    ledger.end(record(endedAt: 1, .success))
    #expect(ledger.inFlight == 1)
    #expect(ledger.begin(limit: 2))
  }

  @Test("A dropped call takes no place, and counts as a failure")
  func dropped() {
    ledger.drop(record(endedAt: 0, .dropped))
    #expect(ledger.inFlight == 0)
    #expect(ledger.tallies.first == Ledger.Tally(successes: 0, failures: 1, refused: 0))
  }

  @Test("Each call is counted in the interval in which it ended, the last one for what came late")
  func tallies() {
    for second in [0, 1, 1, 59, 60, 75] { ledger.drop(record(endedAt: second, .success)) }
    let counts = ledger.tallies.map(\.calls)
    #expect(counts.count == IntervalResult.count)
    #expect(counts[0] == 1 && counts[1] == 2 && counts[59] == 3)
    #expect(counts.reduce(0, +) == 6)
  }

  @Test("The calls since a moment are those that ended at it or later")
  func since() {
    for second in 1...5 { ledger.drop(record(endedAt: second, .refused)) }
    #expect(ledger.records(since: .zero).count == 5)
    #expect(ledger.records(since: .seconds(4)).map(\.ended) == [.seconds(4), .seconds(5)])
    #expect(ledger.records(since: .seconds(6)).isEmpty)
  }

  private func record(endedAt second: Int, _ outcome: CallOutcome) -> CallRecord {
    CallRecord(due: .zero, began: .zero, ended: .seconds(second), outcome: outcome)
  }
}
