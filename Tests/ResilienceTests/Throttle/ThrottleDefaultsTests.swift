import Testing

@testable import Resilience

@Suite("Throttle settings")
struct ThrottleDefaultsTests {
  @Test("Every documented default is the code's, and every setting is documented")
  func defaults() throws {
    let settings = ThrottleSettings()
    let code = Mirror(reflecting: settings).children.map { ($0.label ?? "", "\($0.value)") }
    #expect(
      try documentedDefaults("ThrottleArticle")
        == Dictionary(code) { first, _ in first }
    )
    #expect(AdaptiveThrottle("x").settings == settings)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout ThrottleSettings) -> Void

    init(_ message: String, _ change: @escaping @Sendable (inout ThrottleSettings) -> Void) {
      testDescription = message
      self.change = change
    }
  }

  static let wrong = [
    Wrong("throttle ratio is 0.99, but must be in 1.0...1000.0") { $0.ratio = 0.99 },
    Wrong("throttle ratio is nan, but must be in 1.0...1000.0") { $0.ratio = .nan },
    Wrong("throttle ratio is inf, but must be in 1.0...1000.0") { $0.ratio = .infinity },
    Wrong("throttle buckets is 0, but must be in 1...1000") { $0.buckets = 0 },
    Wrong("throttle buckets is 1001, but must be in 1...1000") { $0.buckets = 1_001 },
    Wrong("throttle window is 0.0 seconds, but must be at least 2.4e-08 seconds") {
      $0.window = .zero
    },
    Wrong("throttle window is -1.0 seconds, but must be at least 2.4e-08 seconds") {
      $0.window = .seconds(-1)
    },
    Wrong("minimum requests is 0, but must be at least 1") { $0.minimumRequests = 0 },
    Wrong("max rejection is 1.0, but must be in 0.0...0.999") { $0.maxRejection = 1 },
    Wrong("max rejection is -0.1, but must be in 0.0...0.999") { $0.maxRejection = -0.1 },
  ]

  @Test("Settings out of range are named with what is allowed", arguments: wrong)
  func invalid(wrong: Wrong) {
    var settings = ThrottleSettings()
    wrong.change(&settings)
    let error = #expect(throws: InvalidSetting.self) { try settings.validate() }
    #expect(error?.description == wrong.testDescription)
  }

  @Test("The bounds themselves are allowed")
  func bounds() throws {
    var settings = ThrottleSettings()
    (settings.ratio, settings.buckets, settings.minimumRequests) = (1, 1, 1)
    (settings.window, settings.maxRejection) = (.nanoseconds(1), 0)
    try settings.validate()
    (settings.ratio, settings.buckets, settings.minimumRequests) = (1_000, 1_000, .max)
    (settings.window, settings.maxRejection) = (.seconds(Int64.max), 0.999)
    try settings.validate()
  }

  @Test("A throttle made with wrong settings stops the program")
  func precondition() async {
    await #expect(processExitsWith: .failure) { _ = AdaptiveThrottle("x", ratio: 0.5) }
    await #expect(processExitsWith: .failure) {
      _ = AdaptiveThrottle("x", ratio: 2, window: .zero)
    }
    await #expect(processExitsWith: .failure) {
      var settings = ThrottleSettings()
      settings.maxRejection = 1
      _ = AdaptiveThrottle("x", settings)
    }
  }
}
