import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let articles = "Sources/Resilience/Resilience.docc/"

  @Test(
    "Every block of Swift in the text stands in a file that is compiled",
    arguments: [
      "README.md", articles + "CircuitBreakerArticle.md", articles + "RetryArticle.md",
      articles + "TimeoutArticle.md", articles + "HedgeArticle.md",
      articles + "FallbackArticle.md", articles + "CoalescerArticle.md",
    ]
  )
  func blocks(path: String) throws {
    let code = try normalised(Self.folder.appending(path: "DocumentationCode.swift"))
    let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    let blocks = text.components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let lines = block.split(separator: "\n").filter { !$0.hasPrefix("import ") }
      #expect(code.contains(normalised(lines.joined(separator: "\n"))), "\(block)")
    }
  }

  private func normalised(_ file: URL) throws -> String {
    normalised(try String(contentsOf: file, encoding: .utf8))
  }

  /// The text without what only the place in a file decides: indentation and blank lines.
  private func normalised(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
