public import Resilience

/// A clock whose time moves only when a test moves it.
///
/// ```swift
/// let clock = ManualClock()
/// let breaker = CircuitBreaker("x", openFor: .seconds(10), timeline: Timeline(clock))
/// clock.advance(by: .seconds(10))
/// ```
///
/// `advance(by:)` wakes the sleepers that are due, in order of their deadlines. It does not wait for
/// them to run: ``sleepers(atLeast:)`` is the meeting point with the code under test.
public final class ManualClock: Clock, Sendable {
  /// A point in the time of a manual clock.
  public struct Instant: Hashable {
    /// Time since the creation of the clock.
    public let offset: Duration
  }

  /// The smallest step the clock can take.
  public let minimumResolution = Duration.nanoseconds(1)

  fileprivate let time = ManualTime()

  /// Creates a clock whose time stands still at zero.
  public init() {}

  /// The present instant.
  public var now: Instant { Instant(offset: time.now.sinceOrigin) }

  /// Waits until a test has advanced the clock to `deadline`.
  ///
  /// - Throws: `CancellationError`, at once, if the task is cancelled.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    try await Timeline(self).sleep(until: Moment(deadline.offset))
  }

  /// Moves time forward and wakes every sleeper whose deadline is reached.
  ///
  /// - Parameter duration: Not negative.
  public func advance(by duration: Duration) {
    precondition(duration >= .zero, "time moves forward only, not by \(duration)")
    time.advance(by: duration)
  }

  /// Waits until at least `count` tasks or alarms wait for this clock.
  public func sleepers(atLeast count: Int) async {
    await time.alarms(atLeast: count)
  }

  /// The number of tasks and alarms that wait for this clock.
  public var sleepers: Int { time.alarms }
}

extension ManualClock.Instant: InstantProtocol {
  /// The instant that lies `duration` after this one.
  public func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }

  /// Time from this instant to the other one.
  public func duration(to other: Self) -> Duration { other.offset - offset }

  /// Whether this instant lies before the other one.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.offset < rhs.offset }
}

extension Timeline {
  /// Creates a timeline that passes as a test moves `clock`; its origin is the clock's zero.
  public init(_ clock: ManualClock) {
    self.init(source: clock.time)
  }
}
