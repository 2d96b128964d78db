import Resilience

/// Time since the beginning of a run, on the timeline of the policies.
struct RunClock: Sendable {
  private let origin: Moment

  /// Starts at zero, now.
  init() {
    origin = Timeline.system.now
  }

  var now: Duration { time(of: Timeline.system.now) }

  func time(of moment: Moment) -> Duration { origin.duration(to: moment) }

  func sleep(until time: Duration) async throws {
    try await Timeline.system.sleep(until: origin.advanced(by: time))
  }
}
