import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let catalogues = [
    "Sources/Resilience/Resilience.docc", "Sources/ResilienceHTTP/ResilienceHTTP.docc",
  ]

  /// The README and every article.
  private static let texts: [String] = {
    let articles = catalogues.flatMap { catalogue in
      let files = try? FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: catalogue).path
      )
      let found = (files ?? []).filter { $0.hasSuffix("Article.md") }.sorted()
      return found.map { "\(catalogue)/\($0)" }
    }
    return ["README.md"] + articles
  }()

  /// All files of compiled code in this folder.
  private static let code: String = {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder,
      includingPropertiesForKeys: nil
    )
    return (files ?? []).filter { $0.lastPathComponent.hasSuffix("Code.swift") }
      .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
      .map(normalised).joined(separator: "\n")
  }()

  /// The text of an article of the core.
  static func text(of article: String) throws -> String {
    let file = root.appending(path: "Sources/Resilience/Resilience.docc/\(article).md")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test("There are articles to check")
  func articles() {
    #expect(Self.texts.count > 6)
  }

  @Test("Every block of Swift in the text stands in a file that is compiled", arguments: texts)
  func blocks(path: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    let blocks = text.components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let lines = block.split(separator: "\n").filter { !$0.hasPrefix("import ") }
      #expect(Self.code.contains(Self.normalised(lines.joined(separator: "\n"))), "\(block)")
    }
  }

  /// The text without what only the place in a file decides: indentation and blank lines.
  private static func normalised(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
