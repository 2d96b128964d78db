import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Amplification")
struct AmplificationTests {
  private let clock = ManualClock()

  private func retry(_ attempts: Int) -> Retry {
    Retry(attempts: attempts, backoff: .none, timeline: Timeline(clock))
  }

  @Test("What is computed is what an outage brings: the attempts of nested retries multiply")
  func computed() async {
    let pipeline = Pipeline("p") {
      retry(3)
      Bulkhead(limit: 1)
      Pipeline("inner") {
        retry(4)
        AnyPolicy(retry(2))
      }
    }
    #expect(pipeline.mostCalls == 24)
    let calls = Counter()
    _ = try? await pipeline.run {
      calls.add()
      throw Boom()
    }
    #expect(calls.value == 24)
  }

  @Test("Without a limit there is none, and nothing overflows")
  func unlimited() {
    let pipeline = Pipeline("p") {
      retry(.max)
      retry(3)
    }
    #expect(pipeline.mostCalls == .max)
    #expect(Pipeline("p") { NoPolicy() }.mostCalls == 1)
  }

  @Test("The standard pipeline makes at most three calls of one, and few of many in an outage")
  func standard() async throws {
    let pipeline = Pipeline.standard("callee", timeline: Timeline(clock))
    #expect(pipeline.mostCalls == 3)
    #expect(try await pipeline.run { 7 } == 7)
    let calls = Counter()
    for _ in 0..<1_000 {
      let isDone = Counter()
      let task = Task {
        defer { isDone.add() }
        return try await pipeline.run { throw Boom(number: calls.add()) }
      }
      // Whatever it sleeps for is over at once.
      while isDone.value == 0 {
        clock.advance(by: .milliseconds(100))
        await Task.yield()
      }
      _ = await task.result
    }
    // Five failures in a row open the circuit, and then it is one probe per open period.
    let periods = Int(clock.now.offset / .seconds(30))
    #expect(calls.value <= 6 + 1 + periods)
  }
}
