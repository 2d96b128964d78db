import Testing

@testable import ResilienceDemo

@Suite("Bands")
struct BandTests {
  private func text(_ band: Band, width: Int = 60, height: Int = 1) -> [String] {
    band.lines(width: width, height: height).map { $0.text(columns: 200, .plain) }
  }

  @Test("A band has a cell for each interval that has begun")
  func length() {
    #expect(Band.service(.made(at: .zero)).cells.count == 1)
    #expect(Band.service(.made(at: .seconds(5))).cells.count == 31)
    #expect(Band.service(.made(at: .seconds(10))).cells.count == 60)
    #expect(Band.service(.made(at: .seconds(99))).cells.count == 60)
  }

  @Test("The service's band shows its phases")
  func service() {
    #expect(
      text(.service(.made(at: .seconds(10))))
        == ["▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂████████████████████████▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂"]
    )
  }

  @Test("The breaker's band shows its states, and half-open however short it was")
  func breaker() {
    let snapshot = RunSnapshot.made(at: .seconds(10))
    #expect(
      text(.breaker(snapshot.standard, in: snapshot))
        == ["▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂████████████████████████▅▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂"]
    )
  }

  @Test("The clients' bands show the share of successes")
  func successes() {
    let snapshot = RunSnapshot.made(at: .seconds(10))
    #expect(
      text(.successes(snapshot.bare, in: snapshot))
        == ["███████████████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█████████████████████"]
    )
  }

  @Test("Where no call ended there is a dot")
  func empty() {
    var log = RunLog.made()
    log.bare.records = []
    let snapshot = RunSnapshot.made(log, at: .milliseconds(400))
    #expect(text(.successes(snapshot.bare, in: snapshot), width: 60)[0].hasPrefix("··· "))
  }

  @Test("The last interval stands in the last column, whatever the width")
  func width() {
    let cells = (1...60).map { Band.Cell(value: $0 == 60 ? 1 : 0, colour: .green) }
    for width in [1, 7, 59, 60, 61, 140] {
      let line = text(Band(cells: cells), width: width)[0]
      #expect(line.count == width)
      #expect(line.last == "█")
      #expect(width < 60 || line.first == "▁")
    }
    #expect(text(Band(cells: cells), width: 0) == [""])
    #expect(text(Band(cells: cells), width: -3) == [""])
  }

  @Test("Several rows show a value more exactly, from the bottom up")
  func height() {
    let cells = [0, 0.25, 0.5, 1].map { Band.Cell(value: $0, colour: .green) }
    #expect(text(Band(cells: cells, count: 4), width: 4, height: 2) == ["   █", "▁▄██"])
  }

  @Test("Colours surround cells")
  func colours() {
    let line = Band(cells: [.bad], count: 1).lines(width: 1)[0]
    #expect(line.text(columns: 1, .coloured) == "\u{1B}[31m█\u{1B}[0m")
  }
}
