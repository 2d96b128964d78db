import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

@testable import ResilienceDemo

@Suite("Attempts")
struct AttemptMeterTests {
  @Test("A retry that does not wait for Retry-After is early, one that does is not")
  func early() async throws {
    try await Simulation(seed: 1).run { world in
      let naive = try await attempts(in: world) { NaiveRetry(attempts: 3) }
      try world.require(naive == RetryAfterCounts(asked: 3, honoured: 0, early: 2), "\(naive)")
      let patient = try await attempts(in: world) {
        Retry(attempts: 3, timeline: world.timeline, random: world.random)
      }
      try world.require(patient == RetryAfterCounts(asked: 3, honoured: 2, early: 0), "\(patient)")
    }
  }

  @Test("Naive retries repeat failures only, and no more often than they are told")
  func naive() async throws {
    let url = try #require(URL(string: "http://127.0.0.1"))
    for (status, attempts) in [(503, 4), (429, 4), (404, 1), (400, 1)] {
      let meter = AttemptMeter()
      await #expect(throws: HTTPStatusError.self) {
        try await NaiveRetry(attempts: 4).run {
          try await meter.run { throw HTTPStatusError(status: status, url: url) }
        }
      }
      #expect(meter.count == attempts, "\(status)")
    }
  }

  @Test("Replicas take turns, and go on doing so")
  func turns() {
    let turns = RoundRobin(3)
    #expect((1...7).map { _ in turns.next() } == [0, 1, 2, 0, 1, 2, 0])
  }
}

/// What becomes of one call that is told to wait a second each time.
private func attempts(in world: World, _ policy: () -> some Policy) async throws -> RetryAfterCounts
{
  guard let url = URL(string: "http://127.0.0.1") else { return RetryAfterCounts() }
  let meter = AttemptMeter(timeline: world.timeline)
  let policy = policy()
  await CallAttempts.$current.withValue(CallAttempts()) {
    _ = try? await policy.run {
      try await meter.run {
        throw HTTPStatusError(status: 429, headers: ["Retry-After": "1"], url: url)
      }
    }
  }
  return meter.retryAfter
}
