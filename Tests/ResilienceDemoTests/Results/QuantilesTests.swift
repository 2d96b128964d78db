import Testing

@testable import ResilienceDemo

@Suite("Quantiles")
struct QuantilesTests {
  @Test(
    "The nearest rank of 1...n is ⌈p · n / 100⌉",
    arguments: [
      (1, 50, 1), (1, 99, 1), (2, 50, 1), (3, 50, 2), (3, 99, 3), (4, 50, 2), (99, 99, 99),
      (100, 99, 99), (101, 99, 100), (200, 99, 198), (200, 50, 100), (1_000, 99, 990),
      (10, 100, 10), (10, 1, 1),
    ]
  )
  func nearestRank(count: Int, percent: Int, rank: Int) {
    #expect(Array(1...count).nearestRank(percent: percent) == rank)
  }

  @Test("Samples need not be in order")
  func order() {
    let quantiles = Quantiles([.milliseconds(30), .microseconds(500), .milliseconds(2)])
    #expect(quantiles?.samples == 3)
    #expect(quantiles?.p50Milliseconds == 2)
    #expect(quantiles?.p99Milliseconds == 30)
    #expect(quantiles?.maxMilliseconds == 30)
  }

  @Test("Nothing has no quantiles")
  func empty() {
    #expect(Quantiles([]) == nil)
  }
}
