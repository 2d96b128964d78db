import Testing

@testable import Resilience

@Suite("Bulkhead settings")
struct BulkheadDefaultsTests {
  @Test("Every documented default is the code's, and every setting is documented")
  func defaults() throws {
    let settings = BulkheadSettings()
    let queue = settings.queue
    #expect(
      try documentedDefaults("BulkheadArticle") == [
        "limit": "\(settings.limit)",
        "queue.limit": "\(queue.limit)",
        "queue.maxWait": "\(queue.maxWait)",
        "queue.order": "\(queue.order)",
        "queue.dropping": queue.dropping == nil ? "none" : "?",
        "shares": "\(settings.shares)",
      ]
    )
    let names = Mirror(reflecting: settings).children.compactMap(\.label)
    let inner = Mirror(reflecting: queue).children.compactMap { $0.label.map { "queue.\($0)" } }
    #expect(
      try Set(names + inner).subtracting(["queue"])
        == Set(documentedDefaults("BulkheadArticle").keys)
    )
  }

  @Test("The short initialiser has the defaults of the settings")
  func short() {
    var settings = BulkheadSettings()
    settings.limit = 5
    #expect(Bulkhead(limit: 5).settings == settings)
  }
}
