import Foundation
import Resilience
import Testing

@testable import ResilienceRPC

/// That its code is compiled, is tested with the other articles, in ResilienceHTTPTests.
@Suite("Documentation of RPC")
struct DocumentationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let articles = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/ResilienceRPC/ResilienceRPC.docc")

  private static func text(of article: String) throws -> String {
    try String(contentsOf: articles.appending(path: article), encoding: .utf8)
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
}
