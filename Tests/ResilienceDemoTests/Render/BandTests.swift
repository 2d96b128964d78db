import Testing

@testable import ResilienceDemo

@Suite("Bands")
struct BandTests {
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
      Band.service(.made(at: .seconds(10))).text(.plain)
        == "▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂████████████████████████▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂"
    )
  }

  @Test("The breaker's band shows its states, and half-open however short it was")
  func breaker() {
    let snapshot = RunSnapshot.made(at: .seconds(10))
    #expect(
      Band.breaker(snapshot.standard, in: snapshot).text(.plain)
        == "▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂████████████████████████▅▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂"
    )
  }

  @Test("The clients' bands show the share of successes")
  func successes() {
    let snapshot = RunSnapshot.made(at: .seconds(10))
    #expect(
      Band.successes(snapshot.bare, in: snapshot).text(.plain)
        == "███████████████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█████████████████████"
    )
  }

  @Test("Where no call ended there is a dot")
  func empty() {
    var log = RunLog.made()
    log.bare.records = []
    let snapshot = RunSnapshot.made(log, at: .milliseconds(400))
    #expect(Band.successes(snapshot.bare, in: snapshot).text(.plain) == "···")
  }

  @Test("Colours surround cells")
  func colours() {
    #expect(Band(cells: [.bad]).text(.coloured) == "\u{1B}[31m█\u{1B}[0m")
  }
}
