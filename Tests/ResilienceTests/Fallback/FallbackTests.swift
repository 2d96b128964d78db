import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Fallback and last good value")
struct FallbackTests {
  private let clock = ManualClock()

  @Test("A value passes; a failure is answered, and the answer says that it is not the real one")
  func answers() async throws {
    let fallback = Fallback(-1)
    #expect(try await fallback.run { 7 } == 7)
    #expect(try await fallback.run { throw Boom() } == -1)
    let good = try await fallback.result { 7 }
    #expect(!good.isDegraded && good.cause == nil)
    let degraded = try await fallback.result { throw Boom(number: 3) }
    #expect(degraded.isDegraded && degraded.value == -1)
    #expect(degraded.cause as? Boom == Boom(number: 3))
  }

  @Test("The answer may depend on the error, come from another operation, and fail itself")
  func function() async throws {
    let fallback = Fallback<Int> { error in
      guard let boom = error as? Boom else { throw Boom(number: 99) }
      await Task.yield()
      return boom.number
    }
    #expect(try await fallback.run { throw Boom(number: 5) } == 5)
    await #expect(throws: Boom(number: 99)) {
      try await fallback.run { throw TimedOut(policy: "t", limit: .zero) }
    }
  }

  @Test("The caller's cancellation is not answered, nor an error that is not to be handled")
  func notAnswered() async {
    let fallback = Fallback(-1, handles: { $0 is TimedOut })
    await #expect(throws: CancellationError.self) {
      try await fallback.run { throw CancellationError() }
    }
    await #expect(throws: Boom.self) { try await fallback.run { throw Boom() } }
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await Fallback(-1).run { throw Boom() }
    }
    await #expect(throws: Boom.self) { try await task.value }
  }

  @Test("Observers are told of each degraded answer")
  func events() async throws {
    let seen = Recorder<String>()
    let fallback = Fallback(
      -1,
      timeline: Timeline(clock),
      observer: ClosureObserver { seen("\($0)") }
    )
    _ = try await fallback.run { 1 }
    _ = try await fallback.run { throw Boom() }
    #expect(seen.all == ["0.0 seconds fallback: substitute returned: Boom(number: 0)"])
  }

  @Test("The last good value answers for as long as it is good, and no longer")
  func lastGood() async throws {
    let last = LastGood<Int>(for: .seconds(10), timeline: Timeline(clock))
    await #expect(throws: Boom.self) { try await last.run { throw Boom() } }
    #expect(try await last.run { 7 } == 7)
    clock.advance(by: .milliseconds(9_999))
    let answer = try await last.result { throw Boom() }
    #expect(answer.value == 7 && answer.isDegraded)
    clock.advance(by: .milliseconds(1))
    await #expect(throws: Boom.self) { try await last.run { throw Boom() } }
    #expect(last.current == nil)
  }

  @Test("A fallback runs on its caller's actor") @MainActor
  func isolation() async throws {
    var count = 0
    _ = try await Fallback(0).run {
      MainActor.assertIsolated()
      count += 1
      throw Boom()
    }
    #expect(count == 1)
  }
}
