import Testing

@testable import Resilience

@Suite("A policy whose type is forgotten")
struct AnyPolicyTests {
  private let policy = AnyPolicy(Pipeline("x") { Retry(attempts: 2, backoff: .none) })

  @Test("Values of any type come out as they went in, optionals within optionals too")
  func values() async throws {
    #expect(try await policy.run { 7 } == 7)
    #expect(try await policy.run { Int?.none } == nil)
    #expect(try await policy.run { Int??.some(nil) } == .some(nil))
    #expect(try await policy.run { Int??.none } == Int??.none)
    #expect(try await policy.run { Int???.some(.some(nil)) } == .some(.some(nil)))
    #expect(try await policy.run { (1, "a") } == (1, "a"))
    let long = Array(0..<100)
    #expect(try await policy.run { long } == long)
    let nothing: Any = try await policy.run { Int?.none as Any }
    #expect(nothing is Int?)
    try await policy.run {}
  }

  @Test("The operation's own error comes out")
  func errors() async {
    await #expect(throws: Boom.self) { try await policy.run { throw Boom() } }
  }

  @Test("A classifier sees the type of the value inside, and a retry its last value")
  func classifiedValues() async throws {
    var settings = RetrySettings()
    settings.attempts = 5
    settings.backoff = .none
    settings.classifier = Classifier.standard
      .values(of: Int.self) { $0 < 3 ? .failure : .success }
      .values(of: String.self) { $0.isEmpty ? .failure : .success }
    let discarded = Recorder<Int>()
    settings.onDiscard = { value in if let value = value as? Int { discarded(value) } }
    let retry = AnyPolicy(AnyPolicy(Retry(settings)))
    let calls = Counter()
    #expect(try await retry.run { calls.add() } == 3)
    #expect(discarded.all == [1, 2])
    #expect(try await retry.run { Double(calls.add()) } == 4)
    #expect(try await retry.run { calls.add() > 5 ? "well" : "" } == "well")
  }

  @Test("What it says of itself is what the policy inside says")
  func description() {
    let breaker = CircuitBreaker("callee")
    let policy = AnyPolicy(
      Pipeline("x") {
        Retry(attempts: 3)
        breaker
      }
    )
    #expect(policy.mostCalls == 3)
    #expect(policy.stages.map(\.kind) == [.retry, .breaker])
    #expect(policy.isAtRest)
  }

  @Test("A policy of one's own sees the type of each call, also behind several layers")
  func ownPolicy() async throws {
    struct Constant: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        if T.self == Int.self, let value = 42 as? T { return value }
        return try await operation()
      }
    }
    let policy = AnyPolicy(
      Pipeline("x") {
        Retry(attempts: 2, backoff: .none)
        Constant()
      }
    )
    for policy in [policy, AnyPolicy(policy)] {
      #expect(try await policy.run { 7 } == 42)
      #expect(try await policy.run { "7" } == "7")
    }
  }

  @Test("One that passes for ours and makes values of its own ends the call with an error")
  func impostor() async {
    struct Impostor: Policy {
      var stages: [PolicyStage] { [PolicyStage(.retry, name: "impostor")] }

      func run<T>(_ operation: () async throws -> T) async throws -> T {
        if let value = "mine" as? T { return value }
        return try await operation()
      }
    }
    let error = await #expect(throws: ForeignValue.self) {
      try await AnyPolicy(Impostor()).run { 7 }
    }
    #expect(error?.description.contains("impostor") == true)
    #expect(error?.description.contains("String instead of a Int") == true)
  }

  @Test("The operation runs on its caller's isolation")
  @MainActor func isolation() async throws {
    var seen = 0
    try await policy.run {
      MainActor.assertIsolated()
      seen += 1
    }
    #expect(seen == 1)
  }
}
