import Resilience

/// The time of a simulated world as a clock, for code that takes one.
public struct WorldClock: Clock, Sendable {
  /// A point in the time of a world.
  public struct Instant: Hashable, Sendable {
    /// Time since the world began.
    public let offset: Duration
  }

  let timeline: Timeline

  /// The smallest step the clock can take.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// The present instant.
  public var now: Instant { Instant(offset: timeline.now.sinceOrigin) }

  /// Waits until the world has reached `deadline`.
  ///
  /// - Throws: `CancellationError`, at once, if the task is cancelled.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    try await timeline.sleep(until: Moment(deadline.offset))
  }
}

extension WorldClock.Instant: InstantProtocol {
  /// The instant that lies `duration` after this one.
  public func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }

  /// Time from this instant to the other one.
  public func duration(to other: Self) -> Duration { other.offset - offset }

  /// Whether this instant lies before the other one.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.offset < rhs.offset }
}
