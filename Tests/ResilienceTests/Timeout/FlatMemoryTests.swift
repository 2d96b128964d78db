import ResilienceTesting
import Testing

@testable import Resilience

/// A million of each when `RESILIENCE_SOAK` is set, as the check script does; ten thousand
/// otherwise.
@Suite("Memory stays flat", .serialized)
struct FlatMemoryTests {
  private let count = isSoaking ? 1_000_000 : 10_000

  /// Runs the body in ten parts; after the first, memory must not grow by more than 4 MiB.
  private func expectFlat(_ body: (_ times: Int) async throws -> Void) async throws {
    try await body(count / 10)
    let before = residentBytes
    for _ in 1..<10 { try await body(count / 10) }
    guard isSoaking, let before, let after = residentBytes else { return }
    #expect(after - before < 4 << 20, "\(before) → \(after) bytes")
  }

  @Test("Timeouts that do not strike leave no alarm and no memory")
  func timeouts() async throws {
    let time = ManualTime()
    let timeout = Timeout(.seconds(3_600), timeline: Timeline(source: time))
    try await expectFlat { times in
      for _ in 0..<times { try await timeout.run { await Task.yield() } }
    }
    #expect(time.alarms == 0)
  }

  @Test("Cancelled waits leave no alarm, no place in the queue and no memory")
  func cancelledWaits() async throws {
    let time = ManualTime()
    let timeline = Timeline(source: time)
    let bulkhead = Bulkhead(limit: 1, queue: 1, maxWait: .seconds(3_600), timeline: timeline)
    let call = HeldCall()
    let holder = Task { try await bulkhead.run { try await call.run() } }
    await call.hasBegun()
    try await expectFlat { times in
      for _ in 0..<times {
        let task = Task { try await bulkhead.run {} }
        task.cancel()
        _ = await task.result
      }
    }
    #expect(time.alarms == 0 && bulkhead.queued == 0)
    call.succeed()
    _ = try await holder.value
  }
}
