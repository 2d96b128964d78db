import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Articles on HTTP")
struct HTTPArticleTests {
  private static let articles = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/ResilienceHTTP/ResilienceHTTP.docc")

  private static func text(of article: String) throws -> String {
    try String(contentsOf: articles.appending(path: "\(article).md"), encoding: .utf8)
  }

  /// The rows of the table of defaults, as setting and value.
  private static func defaults(_ article: String) throws -> [String: String] {
    let rows = try text(of: article).components(separatedBy: "## Defaults")[1]
      .components(separatedBy: "##")[0].split(separator: "\n").filter { $0.hasPrefix("| `") }
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return (cells[0].replacing("`", with: ""), cells[1])
      }
    )
  }

  @Test("The documented defaults of admission are the code's")
  func admission() throws {
    let settings = HTTPAdmissionSettings()
    let field = try #require(settings.deadline)
    #expect(
      try Self.defaults("AdmittingRequestsArticle") == [
        "criticality": "\(settings.criticality)",
        "highestClaim": "\(settings.highestClaim)",
        "retryAfter": "\(try #require(settings.retryAfter))",
        "retrySpread": "\(settings.retrySpread)",
        "lateStatus": "\(settings.lateStatus)",
        "deadline": "\(field.name), up to \(field.longest)",
      ]
    )
    let head = HTTPRequestHead(method: "GET", path: "/")
    #expect(settings.classify(head, .sheddable) == nil && settings.fairnessKey(head) == nil)
  }

  @Test("The documented defaults of policies for each host are the code's")
  func hosts() throws {
    let hosts = HTTPHosts { _ in NoPolicy() }
    #expect(
      try Self.defaults("PerHostArticle") == [
        "limit": "\(hosts.policies.limit)",
        "idleAfter": "\(try #require(hosts.policies.idleAfter))",
        "routes": "\(hosts.routes)",
      ]
    )
  }

  @Test("The documented defaults of the store of responses are the code's")
  func stale() throws {
    let kept = StaleIfError(for: .seconds(1))
    #expect(
      try Self.defaults("StaleIfErrorArticle") == [
        "maxStale": "\(kept.bounds.longest)",
        "maxEntries": "\(kept.maxEntries)",
        "maxBytes": "\(kept.maxBytes)",
      ]
    )
  }
}
