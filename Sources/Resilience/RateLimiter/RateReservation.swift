/// A place in the line of a ``RateLimiter``, to be used when its turn has come.
///
/// ```swift
/// let reservation = try search.reserve(weight: 2, within: .seconds(5))
/// print("the turn comes in \(reservation.delay)")
/// try await reservation.wait()
/// ```
///
/// It cannot be copied. Cancelled or dropped before its turn, it gives everything back wherever it
/// stood, and those behind it move up. When the turn has come, its permits are taken, whether they
/// are used or not.
public struct RateReservation: ~Copyable, Sendable {
  private let limiter: RateLimiter
  private let waiter: RateWaiter
  /// `nil` once there is nothing to give back.
  private var place: RateLine<RateWaiter>.Place?

  init(of limiter: RateLimiter, _ waiter: RateWaiter, at place: RateLine<RateWaiter>.Place?) {
    self.limiter = limiter
    self.waiter = waiter
    self.place = place
  }

  deinit {
    if let place { limiter.core.leave(place) }
  }

  /// Time until it may be used, at this instant; zero when its turn has come.
  ///
  /// It shrinks as time passes and as others leave. Only a new limit can make it grow; a reservation
  /// that a new limit refused has its turn in the distant future.
  ///
  /// - Complexity: O(n), n being those before it in the line.
  public var delay: Duration {
    guard let place else { return .zero }
    if let delay = limiter.core.delay(of: place) { return delay }
    if case .refused = waiter.value { return .nanoseconds(Int64.max) }
    return .zero
  }

  /// Waits for the turn; returns at once when it has come.
  ///
  /// - Throws: `CancellationError` if the task is cancelled before, with everything given back;
  ///   ``RateLimited`` if a new limit put the turn further away than was agreed.
  public consuming func wait() async throws {
    guard let place else { return }
    self.place = nil
    limiter.core.await(place)
    try await limiter.wait(waiter, at: place)
  }

  /// Leaves the line and gives everything back; does nothing when the turn has come.
  public consuming func cancel() {
    guard let place else { return }
    self.place = nil
    limiter.core.leave(place)
  }
}
