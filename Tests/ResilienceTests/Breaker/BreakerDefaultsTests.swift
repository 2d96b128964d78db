import Testing

@testable import Resilience

@Suite("Breaker settings")
struct BreakerDefaultsTests {
  @Test("Every documented default is the code's, and every setting is documented")
  func defaults() throws {
    func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "none" }
    let settings = BreakerSettings()
    let halfOpen = settings.halfOpen
    #expect(
      try documentedDefaults("CircuitBreakerArticle") == [
        "trip": "\(settings.trip)",
        "slowAfter": text(settings.slowAfter),
        "open": "\(settings.open.duration(trips: 1, draw: 0))",
        "halfOpen.probes": "\(halfOpen.probes)",
        "halfOpen.passing": halfOpen.passing == nil ? "as many successes as probes" : "?",
        "halfOpen.lease": "\(halfOpen.lease)",
        "halfOpen.limit": text(halfOpen.limit),
        "halfOpen.ramp": halfOpen.ramp.isEmpty ? "none" : "?",
        "halfOpen.excess": "\(halfOpen.excess)",
        "grace": "\(settings.grace)",
        "startsOpen": "\(settings.startsOpen)",
      ]
    )
    let names = Mirror(reflecting: settings).children.compactMap(\.label)
    let inner = Mirror(reflecting: halfOpen).children.compactMap {
      $0.label.map { "halfOpen.\($0)" }
    }
    #expect(
      try Set(names + inner).subtracting(["halfOpen"])
        == Set(documentedDefaults("CircuitBreakerArticle").keys)
    )
  }

  @Test("A breaker made with a name only has the default settings")
  func nameOnly() {
    let made = CircuitBreaker("x").settings
    let defaults = BreakerSettings()
    #expect("\(made.trip)" == "\(defaults.trip)")
    #expect(made.open.duration(trips: 1, draw: 0) == defaults.open.duration(trips: 1, draw: 0))
    #expect(made.open.duration(trips: 9, draw: 0) == defaults.open.duration(trips: 9, draw: 0))
    #expect(made.halfOpen == defaults.halfOpen)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout HalfOpenSettings) -> Void

    init(_ message: String, _ change: @escaping @Sendable (inout HalfOpenSettings) -> Void) {
      testDescription = message
      self.change = change
    }
  }

  @Test(
    "Half-open settings out of range are named with what is allowed",
    arguments: [
      Wrong("probes is 0, but must be in 1...65535") { $0.probes = 0 },
      Wrong("probes is 65536, but must be in 1...65535") { $0.probes = 65_536 },
      Wrong("successes to close is 0, but must be at least 1") { $0.passing = .successes(0) },
      Wrong("success rate to close is 1.5, but must be in 0.0...1.0") {
        $0.passing = .successRate(1.5, of: 2)
      },
      Wrong("outcomes to close is 0, but must be in 1...1000000") {
        $0.passing = .successRate(0.5, of: 0)
      },
      Wrong("probe lease is 0.0 seconds, but must be at least 1e-09 seconds") { $0.lease = .zero },
      Wrong("half-open limit is -1.0 seconds, but must be at least 1e-09 seconds") {
        $0.limit = .seconds(-1)
      },
      Wrong("share of the ramp is 0.0, but must be in 5e-324...1.0") { $0.ramp = [0.5, 0] },
      Wrong("half-open queue is -1, but must be at least 0") {
        $0.excess = .wait(queue: -1, upTo: .seconds(1))
      },
    ]
  )
  func invalid(wrong: Wrong) {
    var settings = BreakerSettings()
    wrong.change(&settings.halfOpen)
    let error = #expect(throws: InvalidSetting.self) { try settings.validate() }
    #expect(error?.description == wrong.testDescription)
  }
}
