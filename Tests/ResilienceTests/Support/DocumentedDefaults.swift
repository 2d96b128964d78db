import Foundation

/// The rows of the table of defaults in an article, as setting and value.
func documentedDefaults(_ article: String) throws -> [String: String] {
  let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let file = root.appending(path: "Sources/Resilience/Resilience.docc/\(article).md")
  let rows = try String(contentsOf: file, encoding: .utf8)
    .split(separator: "\n").filter { $0.hasPrefix("| `") && !$0.hasPrefix("| ``") }
  return Dictionary(
    uniqueKeysWithValues: rows.map { row in
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return (cells[0].replacing("`", with: ""), cells[1])
    }
  )
}
