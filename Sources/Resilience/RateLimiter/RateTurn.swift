/// One who stands in the line of a ``RateLimiter``: granted, refused or cancelled, once.
typealias RateWaiter = Parked<RateTurn>

/// How standing in the line ended.
enum RateTurn: Sendable {
  /// The moment has come, and the permits are taken.
  case granted

  /// A new limit would have made it wait for longer than it agreed to.
  case refused(RateRefusal)

  /// It left by itself.
  case cancelled
}

/// Why there is no permit, and when there could be.
struct RateRefusal: Hashable, Sendable {
  let reason: RateLimited.Reason
  let retryAfter: Duration?
}
