import ResilienceTesting
import Testing

@testable import Resilience

/// Says when it is entered and left.
private struct Tracer: Policy {
  let name: String
  let log: Recorder<String>

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    log("+\(name)")
    defer { log("-\(name)") }
    return try await operation()
  }
}

@Suite("Pipeline")
struct PipelineTests {
  private let log = Recorder<String>()

  @Test("The first policy is the outermost")
  func order() async throws {
    let pipeline = Pipeline("p") {
      Tracer(name: "a", log: log)
      Tracer(name: "b", log: log)
      Tracer(name: "c", log: log)
    }
    try await pipeline.run { log("!") }
    #expect(log.all == ["+a", "+b", "+c", "!", "-c", "-b", "-a"])
  }

  @Test("The first policy is the outermost of as many as there may be")
  func orderOfMany() async throws {
    func tracer(_ name: String) -> Tracer { Tracer(name: name, log: log) }
    let pipelines: [any Policy] = [
      Pipeline("1") { tracer("a") },
      Pipeline("2") {
        tracer("a"); tracer("b")
      },
      Pipeline("3") {
        tracer("a"); tracer("b"); tracer("c")
      },
      Pipeline("4") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d")
      },
      Pipeline("5") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e")
      },
      Pipeline("6") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e"); tracer("f")
      },
      Pipeline("7") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e"); tracer("f"); tracer("g")
      },
      Pipeline("8") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e"); tracer("f"); tracer("g")
        tracer("h")
      },
      Pipeline("9") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e"); tracer("f"); tracer("g")
        tracer("h"); tracer("i")
      },
      Pipeline("10") {
        tracer("a"); tracer("b"); tracer("c"); tracer("d"); tracer("e"); tracer("f"); tracer("g")
        tracer("h"); tracer("i"); tracer("j")
      },
    ]
    for (index, pipeline) in pipelines.enumerated() {
      let log = Recorder<String>()
      let seen = self.log.all.count
      try await pipeline.run { log("!") }
      let names = "abcdefghij".prefix(index + 1).map(String.init)
      let expected = names.map { "+\($0)" } + names.reversed().map { "-\($0)" }
      #expect(Array(self.log.all.dropFirst(seen)) == expected)
      #expect(log.all == ["!"])
    }
  }

  @Test("A pipeline may be chosen from while it is built", arguments: [true, false])
  func choice(flag: Bool) async throws {
    let pipeline = Pipeline("p") {
      if flag { Tracer(name: "a", log: log) }
      if flag { Tracer(name: "b", log: log) } else { Tracer(name: "c", log: log) }
      switch flag {
      case true: Tracer(name: "d", log: log)
      case false: Tracer(name: "e", log: log)
      }
    }
    try await pipeline.run {}
    let entered = log.all.filter { $0.hasPrefix("+") }
    #expect(entered == (flag ? ["+a", "+b", "+d"] : ["+c", "+e"]))
  }

  @Test("A pipeline is a policy, and so is an erased one")
  func nesting() async throws {
    let inner = Pipeline("inner") { Tracer(name: "b", log: log) }
    let outer = Pipeline("outer") {
      Tracer(name: "a", log: log)
      AnyPolicy(inner)
    }
    let erased: [AnyPolicy] = [AnyPolicy(outer), AnyPolicy(NoPolicy())]
    for policy in erased { #expect(try await policy.run { 7 } == 7) }
    #expect(log.all == ["+a", "+b", "-b", "-a"])
  }

  @Test("The same instance may stand twice: it takes part twice")
  func sameInstanceTwice() async throws {
    let breaker = CircuitBreaker("b", trip: .consecutiveFailures(3))
    let bulkhead = Bulkhead(limit: 2)
    let pipeline = Pipeline("p") {
      breaker
      bulkhead
      breaker
      bulkhead
    }
    try await pipeline.run { #expect(bulkhead.running == 2) }
    _ = try? await pipeline.run { throw Boom() }
    #expect(breaker.snapshot.consecutiveFailures == 2)
    #expect(bulkhead.running == 0)
  }

  @Test("A call that waits for a place it holds itself is refused in time: no deadlock")
  func sameInstanceWithoutRoom() async throws {
    let clock = ManualClock()
    let bulkhead = Bulkhead(limit: 1, queue: 1, timeline: Timeline(clock))
    let limiter = AdaptiveLimiter(
      "a",
      .aimd(from: 1, in: 1...1),
      queue: 1,
      timeline: Timeline(clock)
    )
    let twice: [AnyPolicy] = [
      AnyPolicy(Nested(outer: bulkhead, inner: bulkhead)),
      AnyPolicy(Nested(outer: limiter, inner: limiter)),
    ]
    for policy in twice {
      let task = Task { try await policy.run { Issue.record("the operation must not run") } }
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(1))
      let error = await #expect(throws: (any Error).self) { try await task.value }
      #expect(error is any Rejection)
    }
    #expect(bulkhead.isAtRest && limiter.isAtRest && clock.sleepers == 0)
  }

  @Test("A pipeline of every policy runs on its caller's actor") @MainActor
  func isolation() async throws {
    let pipeline = Pipeline("p") {
      Timeout(.seconds(60))
      Retry(attempts: 3, backoff: .none)
      CircuitBreaker("b")
      Bulkhead(limit: 1)
      Timeout(.seconds(30))
    }
    var count = 0
    try await pipeline.run {
      MainActor.assertIsolated()
      count += 1
      await Task.yield()
      MainActor.assertIsolated()
      if count < 3 { throw Boom() }
    }
    #expect(count == 3)
  }
}
