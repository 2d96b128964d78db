import Testing

@testable import ResilienceDemo

@Suite("Charts")
struct ChartDrawingTests {
  private func chart(_ values: [Double?], intervals: Int = 4) -> Chart {
    Chart(
      id: "c",
      title: "T",
      note: "N.",
      unit: .share,
      scale: .share,
      lines: [Chart.Line(name: "a", series: Series(of: "a", at: 0), values: values)],
      reference: nil,
      time: TimeAxis(
        duration: 8,
        intervals: intervals,
        phases: [.init(name: "down", isFailing: true, start: 2, end: 4)]
      )
    )
  }

  private func path(_ values: [Double?]) -> String {
    let chart = chart(values)
    return ChartDrawing.path(chart.lines[0], chart: chart, height: 100).text
  }

  @Test("A line goes through the middles of its intervals, and to both its ends")
  func line() {
    #expect(path([0, 1, 0.5, 0.5]) == "M0 100L125 100L375 0L625 50L875 50L1000 50")
  }

  @Test("A line that goes on ends where its last interval does")
  func running() {
    #expect(path([1, 1]) == "M0 0L125 0L375 0L500 0")
  }

  @Test("A value alone is a short line, and a missing one is a gap")
  func gaps() {
    #expect(path([nil, 1, nil, 0]) == "M250 0L375 0L500 0M750 100L875 100L1000 100")
    #expect(path([nil, nil]) == "")
    #expect(path([]) == "")
  }

  @Test("What is to be seen is said in words as well")
  func description() {
    let bands = [
      StateBand(
        name: "a",
        transitions: [.init(from: "closed", to: "open", atSeconds: 3)],
        end: 8
      )
    ]
    #expect(
      ChartDrawing(chart: chart([0.25, nil, 1, 1]), bands: bands).description
        == "N. a: between 25 % and 100 %. The service fails from 2.0 s to 4.0 s. "
        + "The breaker of a: open at 3.00 s."
    )
    #expect(ChartDrawing(chart: chart([])).description.contains("a: nothing."))
  }

  @Test("A band has the states one after the other, without a gap")
  func spans() {
    let band = StateBand(
      name: "a",
      transitions: [
        .init(from: "closed", to: "open", atSeconds: 3),
        .init(from: "open", to: "half-open", atSeconds: 4),
      ],
      end: 5
    )
    #expect(
      band.spans == [
        .init(state: "closed", start: 0, end: 3), .init(state: "open", start: 3, end: 4),
        .init(state: "half-open", start: 4, end: 5),
      ]
    )
    let quiet = StateBand(name: "a", transitions: [], end: 5)
    #expect(quiet.spans == [.init(state: "closed", start: 0, end: 5)])
    #expect(quiet.description == "The breaker of a stays closed.")
  }

  @Test("Of hundreds of states, what lasts longest in each slice of time is drawn, and none marked")
  func manySpans() {
    var transitions: [RunLog.Transition] = []
    for second in stride(from: 0.0, to: 600, by: 2) {
      transitions.append(.init(from: "closed", to: "open", atSeconds: second + 0.4))
      transitions.append(.init(from: "open", to: "closed", atSeconds: second + 1))
    }
    let band = StateBand(name: "a", transitions: transitions, end: 600)
    #expect(band.drawn.count == 120 && band.marks.isEmpty)
    #expect(band.drawn.first?.start == 0 && band.drawn.last?.end == 600)
    #expect(zip(band.drawn, band.drawn.dropFirst()).allSatisfy { $0.end == $1.start })
    #expect(band.drawn.allSatisfy { $0.state == "closed" })
    #expect(band.description.contains("600 times, and is open for 180.0 s"))
  }

  @Test("Each known client has a look of its own, the same in every run")
  func series() {
    let known = ClientPolicy.allCases.enumerated().map { Series(of: $1.name, at: $0).index }
    #expect(Set(known).count == known.count)
    #expect(Series(of: "standard", at: 7) == Series(of: "standard", at: 0))
    #expect((0...50).allSatisfy { (0..<Series.count).contains(Series(of: "other", at: $0).index) })
  }

  @Test("Values are said in their unit")
  func units() {
    #expect(Chart.Unit.share.text(0.5) == "50 %")
    #expect(Chart.Unit.milliseconds.text(0.1) == "0.1 ms")
    #expect(Chart.Unit.milliseconds.text(251.4) == "251 ms")
    #expect(Chart.Unit.milliseconds.text(1_500) == "1.5 s")
    #expect(Chart.Unit.perSecond.text(80) == "80/s")
  }
}
