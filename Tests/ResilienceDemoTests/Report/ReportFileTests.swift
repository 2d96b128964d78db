import Foundation
import Testing

@testable import ResilienceDemo

@Suite("Report file")
struct ReportFileTests {
  @Test("The page is in the file, in the place of what was there")
  func written() throws {
    let folder = FileManager.default.temporaryDirectory
    let place = folder.appendingPathComponent("report-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: place) }
    try Data("old".utf8).write(to: place)
    let result = RunResult(.made())
    try ReportFile(place.path).write([result])
    let text = try String(contentsOf: place, encoding: .utf8)
    #expect(text == ReportPage(pictures: [RunPicture(result)]).document.text)
  }

  @Test("A folder that is not there is said before anything is run")
  func missing() {
    #expect {
      try ReportFile("/there/is/no/such/folder/report.html")
    } throws: { error in
      "\(error)".contains("“/there/is/no/such/folder/report.html” cannot be written")
    }
  }
}
