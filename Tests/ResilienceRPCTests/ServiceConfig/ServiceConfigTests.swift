import Foundation
import Resilience
import Testing

@testable import ResilienceRPC

@Suite("Service configuration")
struct ServiceConfigTests {
  private func plan(_ method: String) throws -> MethodPlan {
    try ServiceConfig(json: Data(#"{"methodConfig":[{"name":[{}],\#(method)}]}"#.utf8))
      .plan(for: "a.S/M")
  }

  private func error(_ json: String) -> String {
    do throws(ServiceConfigError) {
      _ = try ServiceConfig(json: Data(json.utf8))
      return "valid"
    } catch {
      return error.path + " | " + error.value
    }
  }

  /// The error of what stands in the retry policy instead of what would be valid.
  private func retryError(_ changes: [String: String?]) -> String {
    var fields: [String: String?] = [
      "maxAttempts": "4", "initialBackoff": #""0.1s""#, "maxBackoff": #""1s""#,
      "backoffMultiplier": "2", "retryableStatusCodes": #"["UNAVAILABLE"]"#,
    ]
    fields.merge(changes) { $1 }
    let text = fields.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
      .joined(separator: ",")
    return error(#"{"methodConfig":[{"name":[{}],"retryPolicy":{\#(text)}}]}"#)
  }

  @Test("The example of a retry policy in gRFC A6")
  func retryExample() throws {
    let rule = try #require(
      try plan(
        #"""
        "retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s",
          "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}
        """#
      ).retry
    )
    #expect(rule.maxAttempts == 4)
    #expect(rule.retryableCodes == [.unavailable])
    func pauses(_ rule: RetryRule, _ chance: Double) -> [Int] {
      (1...5).map { Int((rule.pause(before: $0, chance: chance) / .milliseconds(1)).rounded()) }
    }
    // The smaller of 100 ms × 2ⁿ⁻¹ and 1 s, times a number between 0.8 and 1.2.
    #expect(pauses(rule, 0) == [80, 160, 320, 640, 800])
    #expect(pauses(rule, 0.5) == [100, 200, 400, 800, 1_000])
    #expect(pauses(rule, 0.999_999) == [120, 240, 480, 960, 1_200])
    let capped = try #require(
      try plan(
        #"""
        "retryPolicy": {"maxAttempts": 9, "initialBackoff": "2s", "maxBackoff": "1s",
          "backoffMultiplier": 0.5, "retryableStatusCodes": [14, "unavailable", "Internal"]}
        """#
      ).retry
    )
    #expect(capped.maxAttempts == 5)
    #expect(capped.retryableCodes == [.unavailable, .internal])
    #expect(pauses(capped, 0.5) == [1_000, 1_000, 500, 250, 125])
    // The cap is put on what has grown, and not on what grows from.
    let shrinking = try #require(
      try plan(
        #"""
        "retryPolicy": {"maxAttempts": 5, "initialBackoff": "4s", "maxBackoff": "1s",
          "backoffMultiplier": 0.5, "retryableStatusCodes": [14]}
        """#
      ).retry
    )
    #expect(pauses(shrinking, 0.5) == [1_000, 1_000, 1_000, 500, 250])
    let vast = try #require(
      try plan(
        #"""
        "retryPolicy": {"maxAttempts": 5, "initialBackoff": "315576000000s", "maxBackoff": "1s",
          "backoffMultiplier": 1e308, "retryableStatusCodes": [14]}
        """#
      ).retry
    )
    #expect(pauses(vast, 0.5) == [1_000, 1_000, 1_000, 1_000, 1_000])
  }

  @Test("The examples of hedging policies in gRFC A6")
  func hedgingExample() throws {
    let rule = try #require(
      try plan(
        #"""
        "hedgingPolicy": {"maxAttempts": 4, "hedgingDelay": "0.5s",
          "nonFatalStatusCodes": ["UNAVAILABLE", "INTERNAL", "ABORTED"]}
        """#
      ).hedging
    )
    #expect(rule.maxAttempts == 4)
    #expect(rule.hedgingDelay == .milliseconds(500))
    #expect(rule.nonFatalCodes == [.unavailable, .internal, .aborted])
    let least = try #require(try plan(#""hedgingPolicy": {"maxAttempts": 2}"#).hedging)
    #expect(least.hedgingDelay == .zero)
    #expect(least.nonFatalCodes.isEmpty)
  }

  @Test("The example of throttling in gRFC A6")
  func throttlingExample() throws {
    let json = #"{"retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}"#
    let throttle = try #require(try ServiceConfig(json: Data(json.utf8)).throttle)
    var seen: [Bool] = []
    for _ in 0..<5 {
      throttle.noteFailure()
      seen.append(throttle.allowsExtraCalls)
    }
    #expect(seen == [true, true, true, true, false])
    throttle.noteSuccess()
    #expect(throttle.tokens == 5.1)
    #expect(throttle.allowsExtraCalls)
    for _ in 0..<20 { throttle.noteFailure() }
    #expect(throttle.tokens == 0)
    for _ in 0..<200 { throttle.noteSuccess() }
    #expect(throttle.tokens == 10)
  }

  @Test("Decimal places beyond three are dropped")
  func tokenRatio() throws {
    let json = #"{"retryThrottling": {"maxTokens": 10, "tokenRatio": 0.5466}}"#
    #expect(try ServiceConfig(json: Data(json.utf8)).throttle?.tokenRatio == 0.546)
  }

  @Test("The most specific name counts, in any order")
  func matching() throws {
    let entries = [
      #"{"name":[{}],"timeout":"1s"}"#, #"{"name":[{"service":"a.S"}],"timeout":"2s"}"#,
      #"{"name":[{"service":"a.S","method":"M"},{"service":"b.T","method":""}],"timeout":"3s"}"#,
      #"{"name":[],"timeout":"4s"}"#, #"{"timeout":"5s"}"#,
    ]
    for order in [entries, entries.reversed()] {
      let json = #"{"methodConfig":[\#(order.joined(separator: ","))],"loadBalancingConfig":[]}"#
      let config = try ServiceConfig(json: Data(json.utf8))
      #expect(config.plan(for: "a.S/M").timeout == .seconds(3))
      #expect(config.plan(for: "a.S/N").timeout == .seconds(2))
      #expect(config.plan(for: "b.T/M").timeout == .seconds(3))
      #expect(config.plan(for: "c.U/M").timeout == .seconds(1))
    }
    let empty = try ServiceConfig(json: Data("{}".utf8))
    #expect(empty.plan(for: "a.S/M").timeout == nil)
    #expect(empty.plan(for: "a.S/M").pipeline.stages.isEmpty)
  }

  @Test("An empty, a null and a missing name are the same, so there may be one of them")
  func sameNames() {
    let names = [#"{}"#, #"{"service":""}"#, #"{"service":null,"method":null}"#]
    for name in names {
      let json = #"{"methodConfig":[{"name":[{}]},{"name":[\#(name)]}]}"#
      #expect(error(json) == "methodConfig[1].name[0] | “all methods”")
    }
    let twice = #"{"methodConfig":[{"name":[{"service":"a"},{"service":"a","method":""}]}]}"#
    #expect(error(twice) == "methodConfig[0].name[1] | “a”")
    let lonely = #"{"methodConfig":[{"name":[{"method":"M"}]}]}"#
    #expect(error(lonely) == "methodConfig[0].name[0].method | “M”")
  }

  @Test(
    "Every field of a retry policy that is wrong is named, with its value",
    arguments: [
      ("maxAttempts", nil, "nothing"), ("maxAttempts", "1", "1"), ("maxAttempts", "2.5", "2.5"),
      ("maxAttempts", "true", "true"), ("maxAttempts", "-3", "-3"), ("maxAttempts", "null", "null"),
      ("initialBackoff", nil, "nothing"), ("initialBackoff", #""0s""#, "“0s”"),
      ("initialBackoff", "1", "1"), ("initialBackoff", #""-1s""#, "“-1s”"),
      ("initialBackoff", #""1""#, "“1”"), ("initialBackoff", #"".1s""#, "“.1s”"),
      ("initialBackoff", #""1.s""#, "“1.s”"), ("initialBackoff", #""01s""#, "“01s”"),
      ("initialBackoff", #""00.1s""#, "“00.1s”"), ("initialBackoff", #""+1s""#, "“+1s”"),
      ("initialBackoff", #""1e1s""#, "“1e1s”"), ("initialBackoff", #"" 1s""#, "“ 1s”"),
      ("initialBackoff", #""1.0000000001s""#, "“1.0000000001s”"),
      ("initialBackoff", #""315576000001s""#, "“315576000001s”"),
      ("maxBackoff", nil, "nothing"), ("maxBackoff", #""s""#, "“s”"),
      ("backoffMultiplier", nil, "nothing"), ("backoffMultiplier", "0", "0"),
      ("backoffMultiplier", #""2""#, "“2”"), ("backoffMultiplier", "-1", "-1"),
      ("retryableStatusCodes", nil, "nothing"), ("retryableStatusCodes", "[]", "[]"),
      ("retryableStatusCodes", #""UNAVAILABLE""#, "“UNAVAILABLE”"),
    ] as [(String, String?, String)]
  )
  func invalidRetry(field: String, text: String?, value: String) {
    #expect(retryError([field: text]) == "methodConfig[0].retryPolicy.\(field) | \(value)")
  }

  @Test("A retry policy is valid where it is not wrong")
  func validRetry() {
    #expect(retryError([:]) == "valid")
    #expect(retryError(["maxAttempts": #""3""#]) == "valid")
    #expect(retryError(["maxAttempts": "4294967295"]) == "valid")
    #expect(retryError(["initialBackoff": #""315576000000s""#]) == "valid")
    #expect(retryError(["initialBackoff": #""0.000000001s""#]) == "valid")
  }

  @Test(
    "So are all others",
    arguments: [
      ("[]", " | []"), ("nonsense", " | nothing"), (#"{"methodConfig":{}}"#, "methodConfig | {}"),
      (#"{"methodConfig":[1]}"#, "methodConfig[0] | 1"),
      (#"{"methodConfig":[{"name":[7]}]}"#, "methodConfig[0].name[0] | 7"),
      (#"{"methodConfig":[{"name":[{"service":7}]}]}"#, "methodConfig[0].name[0].service | 7"),
      (#"{"methodConfig":[{"timeout":"-1s"}]}"#, "methodConfig[0].timeout | “-1s”"),
      (#"{"methodConfig":[{"timeout":1}]}"#, "methodConfig[0].timeout | 1"),
      (#"{"methodConfig":[{"waitForReady":"yes"}]}"#, "methodConfig[0].waitForReady | “yes”"),
      (
        #"{"methodConfig":[{"maxRequestMessageBytes":-1}]}"#,
        "methodConfig[0].maxRequestMessageBytes | -1"
      ),
      (
        #"{"methodConfig":[{"maxResponseMessageBytes":4294967296}]}"#,
        "methodConfig[0].maxResponseMessageBytes | 4294967296"
      ),
      (#"{"methodConfig":[{"retryPolicy":[]}]}"#, "methodConfig[0].retryPolicy | []"),
      (
        #"{"methodConfig":[{"hedgingPolicy":{}}]}"#,
        "methodConfig[0].hedgingPolicy.maxAttempts | nothing"
      ),
      (
        #"{"methodConfig":[{"hedgingPolicy":{"maxAttempts":2,"hedgingDelay":"-1s"}}]}"#,
        "methodConfig[0].hedgingPolicy.hedgingDelay | “-1s”"
      ),
      (
        #"{"methodConfig":[{"hedgingPolicy":{"maxAttempts":2,"nonFatalStatusCodes":["X"]}}]}"#,
        "methodConfig[0].hedgingPolicy.nonFatalStatusCodes[0] | “X”"
      ),
      (
        #"{"methodConfig":[{"hedgingPolicy":{"maxAttempts":2,"nonFatalStatusCodes":[14,0]}}]}"#,
        "methodConfig[0].hedgingPolicy.nonFatalStatusCodes[1] | 0"
      ),
      (#"{"retryThrottling":{"tokenRatio":1}}"#, "retryThrottling.maxTokens | nothing"),
      (#"{"retryThrottling":{"maxTokens":0,"tokenRatio":1}}"#, "retryThrottling.maxTokens | 0"),
      (
        #"{"retryThrottling":{"maxTokens":1001,"tokenRatio":1}}"#,
        "retryThrottling.maxTokens | 1001"
      ),
      (#"{"retryThrottling":{"maxTokens":9}}"#, "retryThrottling.tokenRatio | nothing"),
      (#"{"retryThrottling":{"maxTokens":9,"tokenRatio":0}}"#, "retryThrottling.tokenRatio | 0"),
      (
        #"{"retryThrottling":{"maxTokens":9,"tokenRatio":0.0009}}"#,
        "retryThrottling.tokenRatio | 0.0009"
      ),
    ]
  )
  func invalid(json: String, expected: String) {
    #expect(error(json) == expected)
  }

  @Test("A retry policy and a hedging policy exclude each other")
  func both() {
    let json = #"""
      {"methodConfig":[{"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"1s",
      "backoffMultiplier":1,"retryableStatusCodes":[1]},"hedgingPolicy":{"maxAttempts":2}}]}
      """#
    #expect(error(json) == #"methodConfig[0].hedgingPolicy | {maxAttempts: 2}"#)
  }

  @Test("The error says where, what and what may be")
  func description() {
    let error = #expect(throws: ServiceConfigError.self) {
      try ServiceConfig(json: Data(#"{"retryThrottling":{"maxTokens":0}}"#.utf8))
    }
    #expect(
      error?.description
        == "retryThrottling.maxTokens is 0, but must be an integer in 1...1000"
    )
  }

  @Test("What is too long or too deep is refused")
  func bounds() {
    #expect(error(String(repeating: " ", count: ServiceConfig.mostBytes) + "{}") == " | nothing")
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(error(#"{"x":\#(deep)}"#) == " | nothing")
  }

  @Test("A plan describes itself as a pipeline")
  func stages() throws {
    let plan = try plan(
      #"""
      "timeout": "1s", "waitForReady": true, "retryPolicy": {"maxAttempts": 3,
        "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]}
      """#
    )
    #expect(plan.pipeline.stages.map(\.kind) == [.timeout, .retry, .retry])
    #expect(plan.pipeline.stages[0].timeLimit == .seconds(1))
    #expect(plan.pipeline.stages[1].mostCalls == 3)
  }

  @Test("Changed text is a configuration or a typed error, never a trap")
  func mutation() throws {
    let json = #"""
      {"methodConfig":[{"name":[{"service":"a.S","method":"M"}],"timeout":"1.5s",
      "maxRequestMessageBytes":12,"retryPolicy":{"maxAttempts":3,"initialBackoff":"0.1s",
      "maxBackoff":"1s","backoffMultiplier":2.5,"retryableStatusCodes":["UNAVAILABLE",13]}}],
      "retryThrottling":{"maxTokens":10,"tokenRatio":0.1}}
      """#
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<(isSoaking ? 20_000 : 300) {
      let mutated = Data(json.utf8).mutated(using: &generator)
      do throws(ServiceConfigError) {
        _ = try ServiceConfig(json: mutated)
      } catch {
        #expect(!error.allowed.isEmpty)
      }
    }
  }
}
