import Foundation
import Resilience
import Testing

@testable import ResilienceRPC

@Suite("Documentation of RPC")
struct DocumentationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let articles = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/ResilienceRPC/ResilienceRPC.docc")

  /// The articles of the catalogue.
  private static let texts: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: articles.path)
    return (files ?? []).filter { $0.hasSuffix("Article.md") }.sorted()
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

  private static func text(of article: String) throws -> String {
    try String(contentsOf: articles.appending(path: article), encoding: .utf8)
  }

  @Test("There are articles to check")
  func articles() {
    #expect(!Self.texts.isEmpty)
  }

  @Test("Every block of Swift in the text stands in a file that is compiled", arguments: texts)
  func blocks(article: String) throws {
    let blocks = try Self.text(of: article).components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(!blocks.isEmpty)
    for block in blocks { #expect(Self.code.contains(Self.normalised(block)), "\(block)") }
  }

  @Test("Every default in the text is the code's")
  func defaults() throws {
    let text = try Self.text(of: "CallingAnRPCServiceArticle.md")
    let limits = RPCLimits()
    let client = RPCClient(baseURL: URL(filePath: "/"), pipeline: NoPolicy())
    #expect(client.wire is ConnectProtocol)
    #expect(client.limits == limits)
    for row in [
      "`requestBytes` | \(limits.requestBytes)", "`responseBytes` | \(limits.responseBytes)",
      "`streamBytes` | \(limits.streamBytes)", "`within` | \(RPCLimits.defaultStreamTime)",
      "`speaking` | `connect`", "`format` | `\(client.format)`", "`usesGET` | `\(client.usesGET)`",
    ] {
      #expect(text.contains("| \(row) |"), "\(row)")
    }
  }

  /// The text without what only the place in a file decides: indentation and blank lines.
  private static func normalised(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
