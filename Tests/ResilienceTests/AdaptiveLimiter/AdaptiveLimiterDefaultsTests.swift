import Testing

@testable import Resilience

@Suite("Adaptive limiter settings")
struct AdaptiveLimiterDefaultsTests {
  @Test("Every documented default is the code's, and every setting is documented")
  func defaults() throws {
    let settings = AdaptiveLimiterSettings()
    let documented = try documentedDefaults("AdaptiveLimiterArticle")
    #expect(
      documented == [
        "rule": "\(settings.rule)",
        "queue": "\(settings.queue)",
        "shares": "\(settings.shares)",
        "classifier": "standard",
        "overload": "a timeout, or an error that asks to come again later or was not processed",
      ]
    )
    let names = Mirror(reflecting: settings).children.compactMap(\.label)
    #expect(Set(names) == Set(documented.keys))
  }

  @Test("A limiter made with a name only has the default settings")
  func nameOnly() {
    let made = AdaptiveLimiter("x").core.settings
    let defaults = AdaptiveLimiterSettings()
    #expect(made.rule == defaults.rule)
    #expect(made.queue == defaults.queue)
    #expect(made.shares == defaults.shares)
    #expect(AdaptiveLimiter("x").limit == 20)
  }

  @Test("Invalid parts are named")
  func invalid() {
    var settings = AdaptiveLimiterSettings()
    settings.queue.limit = -1
    #expect(throws: InvalidSetting.self) { try settings.validate() }
    settings = AdaptiveLimiterSettings()
    settings.shares.critical = 2
    #expect(throws: InvalidSetting.self) { try settings.validate() }
    settings = AdaptiveLimiterSettings()
    settings.rule = .guarded(from: 0)
    #expect(throws: InvalidSetting.self) { try settings.validate() }
  }
}
