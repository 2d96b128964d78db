/// How an adaptive throttle behaves.
///
/// ```swift
/// var settings = ThrottleSettings()
/// settings.ratio = 1.5
/// settings.window = .seconds(30)
/// let throttle = AdaptiveThrottle("search", settings)
/// ```
///
/// A throttle checks its settings when it takes them: see ``validate()``.
public struct ThrottleSettings: Hashable, Sendable {
  /// How many calls may be made for each one that is accepted, K, in 1...1000.
  ///
  /// The callee sees about so many times the calls that it accepts: with 2 it spends about as much
  /// on calls that it turns away as on those it serves, and its recovery is seen soon; with 1.1 it
  /// is spared more, and less is known about it.
  public var ratio = 2.0

  /// How long a call is remembered; at least a nanosecond per bucket.
  ///
  /// The shorter, the sooner a recovery is seen, and the more calls a second it takes to judge.
  public var window: Duration = .seconds(120)

  /// In how many parts the window moves, in 1...1000; 64 bytes each.
  public var buckets = 24

  /// How many calls must be in the window before any is refused; at least 1.
  public var minimumRequests = 20

  /// The highest probability with which a call is refused, of whatever class, in 0...0.999.
  ///
  /// The rest are probes, by which a recovery is seen even where nothing else is let through. At 0
  /// nothing is refused.
  public var maxRejection = 0.95

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try check("throttle ratio", ratio, in: 1...1_000)
    try check("throttle buckets", buckets, in: 1...1_000)
    try check("throttle window", window, atLeast: .nanoseconds(buckets))
    try check("minimum requests", minimumRequests, atLeast: 1)
    try check("max rejection", maxRejection, in: 0...0.999)
  }
}
