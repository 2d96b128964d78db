import Foundation
import Testing

/// Of all libraries, since a test can read files of any target, and each file of code is compiled in
/// the tests of the library that it is about.
@Suite("Documentation")
struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let libraries: [String] = [
    "Resilience", "ResilienceHTTP", "ResilienceRPC", "ResilienceTesting",
  ]

  /// The README and every page of every catalogue, landing pages included.
  private static let texts: [String] = ["README.md"] + libraries.flatMap { pages(of: $0) }

  /// All files of compiled code.
  private static let code: String = {
    let folders = ["ResilienceHTTPTests", "ResilienceRPCTests", "ResilienceTestingTests"]
    return folders.map { "Tests/\($0)/Documentation" }
      .flatMap { folder in files(in: folder, ending: "Code.swift") }
      .compactMap { try? text(at: $0) }
      .map(normalised).joined(separator: "\n")
  }()

  /// The pages of a library's catalogue, as paths.
  private static func pages(of library: String) -> [String] {
    files(in: "Sources/\(library)/\(library).docc", ending: ".md")
  }

  private static func files(in folder: String, ending: String) -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: folder).path
    )
    return (all ?? []).filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
  }

  private static func text(at path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The text of an article.
  static func text(of article: String, in library: String = "Resilience") throws -> String {
    try text(at: "Sources/\(library)/\(library).docc/\(article).md")
  }

  /// The source of a picture of the core.
  static func picture(_ name: String) throws -> String {
    try text(at: "Sources/Resilience/Resilience.docc/Resources/\(name).svg")
  }

  /// The articles of the core, by name.
  static let articles: [String] = pages(of: "Resilience").filter { $0.hasSuffix("Article.md") }
    .map { URL(filePath: $0).deletingPathExtension().lastPathComponent }

  /// The blocks of Swift in a text.
  private static func blocks(of text: String) -> [String] {
    text.components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
  }

  @Test("There are pages to check in each catalogue, and blocks in them", arguments: libraries)
  func catalogues(library: String) throws {
    let blocks = try Self.pages(of: library).flatMap { Self.blocks(of: try Self.text(at: $0)) }
    #expect(blocks.count >= 3)
  }

  @Test("Every block of Swift in the text stands in a file that is compiled", arguments: texts)
  func blocks(path: String) throws {
    for block in Self.blocks(of: try Self.text(at: path)) {
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
