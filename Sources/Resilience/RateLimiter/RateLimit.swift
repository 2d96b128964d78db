/// How many permits a ``RateLimiter`` gives in which time, and how they are spread.
///
/// ```swift
/// .tokenBucket(100, per: .seconds(1), burst: 20)
/// .smooth(50, per: .seconds(1), warmUp: .seconds(30))
/// .fixedWindow(1_000, per: .seconds(60))
/// .slidingWindow(1_000, per: .seconds(60))
/// ```
///
/// Of *n* permits per *p* the four differ in the most that any span of length *p* can see: a token
/// bucket *n* + burst, a smooth limit *n* + 1, a fixed window 2*n*, a sliding window *n*.
public struct RateLimit: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case tokenBucket(burst: Int)
    case smooth(warmUp: Duration, coldFactor: Double)
    case fixedWindow
    case slidingWindow
  }

  let kind: Kind
  let permits: Int
  let per: Duration

  /// A bucket of `burst` tokens into which one falls every `per / permits`; a permit takes one out.
  ///
  /// - Parameters:
  ///   - permits: How many permits come in `per`, in 1...1000000.
  ///   - per: From 1 µs to 366 days, and so that at most 1000000 permits come in a second.
  ///   - burst: How many permits can be had at once after a pause, in 1...1000000; `nil` stands for
  ///     `permits`. The bucket must be full again within a hundred years.
  /// - Returns: The limit, not yet checked.
  public static func tokenBucket(_ permits: Int, per: Duration, burst: Int? = nil) -> RateLimit {
    RateLimit(kind: .tokenBucket(burst: burst ?? permits), permits: permits, per: per)
  }

  /// One permit every `per / permits`, none saved up; slower at first after a pause, if wanted.
  ///
  /// A call of a weight above 1 is always too heavy for it.
  ///
  /// - Parameters:
  ///   - permits: How many permits come in `per`, in 1...1000000.
  ///   - per: From 1 µs to 366 days, and so that at most 1000000 permits come in a second.
  ///   - warmUp: How long the limiter takes to get from cold to its full rate under steady use, and
  ///     how long a pause makes it cold again; up to 366 days. Zero for no warming up.
  ///   - coldFactor: How many times further apart the permits are when it is cold, in 1...100.
  /// - Returns: The limit, not yet checked.
  public static func smooth(
    _ permits: Int,
    per: Duration,
    warmUp: Duration = .zero,
    coldFactor: Double = 3
  ) -> RateLimit {
    RateLimit(
      kind: .smooth(warmUp: warmUp, coldFactor: coldFactor),
      permits: permits,
      per: per
    )
  }

  /// At most `permits` in each window; the windows follow each other from the timeline's origin on.
  ///
  /// Two windows' permits can meet at the edge between them.
  ///
  /// - Parameters:
  ///   - permits: How many permits a window has, in 1...1000000.
  ///   - per: The length of a window, from 1 µs to 366 days, and so that at most 1000000 permits
  ///     come in a second.
  /// - Returns: The limit, not yet checked.
  public static func fixedWindow(_ permits: Int, per: Duration) -> RateLimit {
    RateLimit(kind: .fixedWindow, permits: permits, per: per)
  }

  /// At most `permits` in any span of length `per`, wherever it begins: exact.
  ///
  /// It remembers when the permits of the last `per` were taken: up to 32 bytes for each, twice
  /// that while someone waits.
  ///
  /// - Parameters:
  ///   - permits: How many permits a span has, in 1...1000000.
  ///   - per: The length of the span, from 1 µs to 366 days, and so that at most 1000000 permits
  ///     come in a second.
  /// - Returns: The limit, not yet checked.
  public static func slidingWindow(_ permits: Int, per: Duration) -> RateLimit {
    RateLimit(kind: .slidingWindow, permits: permits, per: per)
  }
}

extension RateLimit: CustomStringConvertible {
  /// The limit on one line, such as `token bucket of 100 per 1.0 seconds, burst 20`.
  public var description: String {
    let rate = "\(permits) per \(per)"
    switch kind {
    case .tokenBucket(let burst): return "token bucket of \(rate), burst \(burst)"
    case .smooth(.zero, _): return "smooth \(rate)"
    case .smooth(let warmUp, let factor):
      return "smooth \(rate), warm after \(warmUp), cold factor \(factor)"
    case .fixedWindow: return "fixed window of \(rate)"
    case .slidingWindow: return "sliding window of \(rate)"
    }
  }
}
