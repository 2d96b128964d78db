import Testing

@testable import ResilienceDemo

@Suite("Scales")
struct ValueScaleTests {
  @Test(
    "A linear scale begins at zero, holds all values, and is marked at three to five round numbers",
    arguments: [
      (83, [0, 25, 50, 75]), (80, [0, 20, 40, 60, 80]), (400, [0, 100, 200, 300, 400]),
      (0.9, [0, 0.25, 0.5, 0.75]), (1, [0, 0.25, 0.5, 0.75, 1]), (3, [0, 1, 2, 3]),
    ] as [(Double, [Double])]
  )
  func linear(top: Double, marks: [Double]) {
    let scale = ValueScale.linear([0, top])
    #expect(scale.marks == marks)
    #expect(scale.height(of: 0) == 0)
    #expect(scale.height(of: top) > 0.9 && scale.height(of: top) < 1)
  }

  @Test("A linear scale of nothing, or of zeros, is one all the same")
  func nothing() {
    #expect(ValueScale.linear([]).height(of: 0) == 0)
    #expect(ValueScale.linear([0]).marks.allSatisfy { $0.isFinite })
  }

  @Test("A logarithmic scale goes from power to power of ten")
  func logarithmic() {
    let scale = ValueScale.logarithmic([0.3, 45])
    #expect(scale.marks.map(\.short) == ["0.1", "1", "10", "100"])
    #expect(abs(scale.height(of: 1) - 1.0 / 3) < 1e-9)
    #expect(scale.height(of: 0) == 0 && scale.height(of: 1e9) == 1)
  }

  @Test("Values at a power of ten, and none at all, have a scale of one power at least")
  func degenerate() {
    #expect(ValueScale.logarithmic([10]).marks == [10, 100])
    #expect(ValueScale.logarithmic([]).marks == [1, 10])
    #expect(ValueScale.logarithmic([.infinity, -1, 0]).marks == [1, 10])
  }

  @Test("Latencies are logarithmic where they span more than a factor of twenty")
  func latency() {
    #expect(ValueScale.latency([1, 20]).marks == ValueScale.linear([1, 20]).marks)
    #expect(ValueScale.latency([1, 21]).marks == [1, 10, 100])
    #expect(ValueScale.latency([]).height(of: 0) == 0)
  }

  @Test("No number has no height")
  func notANumber() {
    #expect(ValueScale.share.height(of: .nan) == 0)
    #expect(ValueScale.share.height(of: 2) == 1)
  }
}
