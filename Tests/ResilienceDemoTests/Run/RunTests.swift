import Foundation
import Resilience
import Testing

@testable import ResilienceDemo

@Suite("Run")
struct RunTests {
  private static let isSoaking =
    ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] != nil

  private let options = Options(duration: .seconds(2), rate: 100)

  /// Needs the processor for itself, since it is all about time; the check script runs it alone.
  @Test(
    "A run calls everything it was to call, on every side, and sees the service fail",
    .enabled(if: Self.isSoaking, "set RESILIENCE_SOAK=1 and run this test alone")
  )
  func whole() async throws {
    let result = try await Program.perform(options, .silent, .error)
    let schedule = CallSchedule(rate: 100, duration: options.duration, seed: options.seed)
    for client in result.clients {
      #expect(client.calls == schedule.arrivals.count)
      #expect(client.calls == client.successes + client.failures + client.refusedAtOnce)
      #expect(client.successes > 0 && client.failures > 0)
      #expect(client.intervals.count == IntervalResult.count)
    }
    #expect(result.clients[0].failureReasons.keys.contains("status 503"))
    #expect(result.clients[0].refusedAtOnce == 0)
    #expect(result.phases.map(\.name) == ["healthy", "failing", "recovered"])
    #expect(result.clients[1].transitions.first?.from == "closed")
    #expect(result.clients[1].transitions.first?.to == "open")
  }

  @Test("A run that is cancelled ends at once, and leaves nothing behind")
  func cancelled() async throws {
    let options = Options(scenario: .hang, duration: .seconds(3_600))
    let work = Task { try await Program.perform(options, .silent, .error) }
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
  }
}
