import Foundation
import Testing

/// That the code of the articles is compiled, is tested with the other articles, in ResilienceHTTPTests.
@Suite("Documentation of the testing library")
struct TutorialTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let catalogue = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/ResilienceTesting/ResilienceTesting.docc")

  private let code: String

  init() throws {
    code = Self.normalised(
      try String(contentsOf: Self.folder.appending(path: "TutorialCode.swift"), encoding: .utf8)
    )
  }

  @Test("Every file of the tutorial stands in one that is compiled and run", arguments: 1...4)
  func files(number: Int) throws {
    let file = Self.catalogue.appending(path: "Resources/payments-\(number).swift")
    let step = Self.normalised(try String(contentsOf: file, encoding: .utf8))
    #expect(step.count > 500)
    #expect(code.contains(step))
    let tutorial = Self.catalogue.appending(path: "TestYourPipeline.tutorial")
    #expect(
      try String(contentsOf: tutorial, encoding: .utf8).contains("\"payments-\(number).swift\"")
    )
  }

  /// The text without imports and what only the place in a file decides.
  private static func normalised(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("import ") }.joined(separator: "\n")
  }
}
