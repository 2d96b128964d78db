import Testing

@testable import ResilienceTesting

@Suite("Exchange log")
struct ExchangeLogTests {
  private let start = ContinuousClock.now

  @Test("The log keeps the last exchanges, the counts keep all")
  func bounded() {
    var log = ExchangeLog(limit: 3)
    for number in 1...20 {
      #expect(log.begin(.sample("GET", "/\(number)"), at: start) == number)
      log.settle(number, as: number.isMultiple(of: 2) ? .status(200) : .fault(.hang))
    }
    #expect(log.exchanges.map(\.number) == [18, 19, 20])
    #expect(log.exchanges.map(\.path) == ["/18", "/19", "/20"])
    #expect(log.exchanges.last?.outcome == .status(200))
    #expect(log.counts == .init(requests: 20, handled: 10, faulted: 10, malformed: 0))
  }

  @Test("An exchange that has left the log is still counted")
  func late() {
    var log = ExchangeLog(limit: 1)
    for number in 1...10 { #expect(log.begin(.sample(), at: start) == number) }
    log.settle(1, as: .status(200))
    #expect(log.counts.handled == 1)
    #expect(log.exchanges.map(\.outcome) == [.pending])
  }
}
