import Foundation
import Testing

/// One page for each policy, all in one shape, so that whoever has read one knows where to look.
@Suite("The pages of the policies")
struct BookTests {
  static let policies: [String] = [
    "AdaptiveLimiterArticle", "BulkheadArticle", "CircuitBreakerArticle", "CoalescerArticle",
    "CriticalityArticle", "DeadlineArticle", "EndpointsArticle", "FallbackArticle", "HedgeArticle",
    "KeyedArticle", "PipelineArticle", "RateLimiterArticle", "RetryArticle", "RetryBudgetArticle",
    "ThrottleArticle", "TimeoutArticle",
  ]

  /// Articles that are about several policies, or about none.
  private static let guides: [String] = [
    "AdaptersArticle", "EventsArticle", "InWhichOrderArticle", "SharingArticle", "TestingArticle",
    "WhichPatternArticle", "YourOwnPolicyArticle",
  ]

  /// Those of ResilienceHTTP, that are about something that stands around calls as a policy does.
  private static let ofHTTP: [String] = [
    "AdmittingRequestsArticle", "PerHostArticle", "SeveralEndpointsArticle", "StaleIfErrorArticle",
  ]

  private static let headings: [String] = [
    "Usage", "Defaults", "How it works", "Patterns", "Anti-patterns", "Cost",
  ]

  /// What may follow them, in this order.
  private static let endings = ["Source", "Topics"]

  @Test("Every article of the core is a page of a policy or a guide")
  func all() {
    #expect(Set(DocumentationTests.articles) == Set(Self.policies + Self.guides))
  }

  @Test(
    "A newcomer finds every page, from the landing page and from what hurts",
    arguments: policies
  )
  func found(page: String) throws {
    #expect(try DocumentationTests.text(of: "Resilience").contains("- <doc:\(page)>"))
    let symptoms = try DocumentationTests.text(of: "WhichPatternArticle")
    #expect(page == "PipelineArticle" || symptoms.contains("<doc:\(page)>"))
  }

  @Test("Every page has the same headings in the same order", arguments: policies + ofHTTP)
  func shape(page: String) throws {
    let library = Self.ofHTTP.contains(page) ? "ResilienceHTTP" : "Resilience"
    let headings = try DocumentationTests.text(of: page, in: library).split(separator: "\n")
      .filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    #expect(headings.filter { !Self.endings.contains($0) } == Self.headings)
    #expect(
      Array(headings.dropFirst(Self.headings.count)) == Self.endings.filter(headings.contains)
    )
  }

  @Test("Every page begins with a sentence, and says what it is about before the first heading")
  func opening() throws {
    for page in Self.policies {
      let opening = try DocumentationTests.text(of: page).components(separatedBy: "\n## ")[0]
        .components(separatedBy: "\n\n")
      #expect(opening.count >= 3, "\(page)")
      #expect(opening[0].hasPrefix("# ") && opening[1].hasSuffix("."), "\(page)")
    }
  }

  @Test(
    "Every page has a picture of how it works, and those that are files have words",
    arguments: policies
  )
  func pictures(page: String) throws {
    let section = try Self.section("How it works", of: page)
    let images = section.components(separatedBy: "![").dropFirst()
    #expect(!images.isEmpty || section.contains("\n```\n"))
    for image in images {
      let words = image.components(separatedBy: "](")
      #expect(words[0].count > 60 && words.count > 1, "\(image)")
      let file = words[1].components(separatedBy: ")")[0]
      #expect(try DocumentationTests.picture(file).contains("viewBox"), "\(file)")
    }
  }

  @Test("Costs are figures of one page only, to which all link", arguments: policies)
  func cost(page: String) throws {
    let cost = try Self.section("Cost", of: page)
    #expect(cost.contains("<doc:WhatItCosts>"))
    // What stands in code is the name of a case, a setting or a command.
    let parts = cost.components(separatedBy: "`")
    let prose = stride(from: 0, to: parts.count, by: 2).map { parts[$0] }.joined()
    let figures = prose.filter { $0.isNumber }
    #expect(figures.isEmpty, "\(prose)")
  }

  @Test("A case of the benchmarks that a page names is in the table of costs", arguments: policies)
  func cases(page: String) throws {
    let table = try DocumentationTests.text(of: "WhatItCosts")
    let cost = try Self.section("Cost", of: page)
    let named = cost.components(separatedBy: "Figures: <doc:WhatItCosts>, case").dropFirst()
    for text in named {
      let sentence = text.components(separatedBy: ";")[0]
      let names = sentence.components(separatedBy: "`").enumerated()
        .filter { $0.offset % 2 == 1 }.map(\.element)
      #expect(!names.isEmpty)
      for name in names {
        #expect(table.contains("`\(name.replacing("…", with: ""))"), "\(name)")
      }
    }
  }

  @Test("Every page can be read in five minutes", arguments: policies)
  func length(page: String) throws {
    let text = try DocumentationTests.text(of: page).components(separatedBy: "\n## Topics")[0]
    // Two hundred and fifty words a minute; a line of code is looked at, not read word by word.
    #expect(text.split(whereSeparator: \.isWhitespace).count < 1_500)
  }

  static func section(_ heading: String, of page: String) throws -> String {
    let parts = try DocumentationTests.text(of: page).components(separatedBy: "\n## \(heading)\n")
    return try #require(parts.count == 2 ? parts[1] : nil, "\(page) has no \(heading)")
      .components(separatedBy: "\n## ")[0]
  }
}
