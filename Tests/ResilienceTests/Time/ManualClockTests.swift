import ResilienceTesting
import Testing

@Suite("Manual clock")
struct ManualClockTests {
  private let clock = ManualClock()

  @Test("Sleepers wake when their deadline is reached, not before")
  func wake() async throws {
    async let early: Void = clock.sleep(for: .seconds(1))
    async let late: Void = clock.sleep(for: .seconds(2))
    await clock.sleepers(atLeast: 2)

    clock.advance(by: .seconds(1))
    try await early
    #expect(clock.now.offset == .seconds(1))
    #expect(clock.sleepers == 1)

    clock.advance(by: .seconds(1))
    try await late
  }

  @Test("A cancelled sleeper throws at once")
  func cancellation() async {
    let task = Task { try await clock.sleep(for: .seconds(60)) }
    await clock.sleepers(atLeast: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.sleepers == 0)
  }

  @Test("Cancelled before it slept")
  func cancelledEarly() async {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await clock.sleep(for: .seconds(60))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Time moves forward only")
  func forward() async {
    await #expect(processExitsWith: .failure) { ManualClock().advance(by: .seconds(-1)) }
  }
}
