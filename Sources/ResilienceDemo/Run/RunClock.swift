import Resilience

/// Time since the beginning of a run, on the timeline of the policies.
struct RunClock: Sendable {
  private let timeline: Timeline
  private let origin: Moment

  /// Starts at zero, now.
  init(_ timeline: Timeline) {
    self.timeline = timeline
    origin = timeline.now
  }

  var now: Duration { time(of: timeline.now) }

  func time(of moment: Moment) -> Duration { origin.duration(to: moment) }

  func sleep(until time: Duration) async throws {
    try await timeline.sleep(until: origin.advanced(by: time))
  }
}
