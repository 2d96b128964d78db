/// How calls are shared among the endpoints of a service, and when one is left out.
///
/// ```swift
/// var settings = EndpointSettings()
/// settings.choice = .roundRobin
/// settings.consecutiveFailures = 3
/// let replicas = Endpoints("users", urls, settings)
/// ```
public struct EndpointSettings: Hashable, Sendable {
  /// How an endpoint is chosen among those that are in service.
  public enum Choice: Hashable, Sendable, CustomStringConvertible {
    /// One after the other.
    case roundRobin

    /// Of two drawn at random, the one with fewer calls in flight.
    ///
    /// It avoids an endpoint that is slow without knowing why, and unlike the least of all it does
    /// not send everyone to the same one.
    ///
    /// ## Source
    /// Mitzenmacher, M. (2001). [The power of two choices in randomized load
    /// balancing](https://doi.org/10.1109/71.963420), IEEE Transactions on Parallel and Distributed
    /// Systems 12(10).
    case leastInFlight

    /// The choice in words.
    public var description: String {
      switch self {
      case .roundRobin: "round robin"
      case .leastInFlight: "least in flight of two"
      }
    }
  }

  /// How an endpoint is chosen.
  public var choice = Choice.leastInFlight

  /// How long an endpoint that was added, or has returned, gets fewer calls than the others; zero for
  /// not at all.
  ///
  /// Its share grows with the time, from ``slowStartFloor`` of a full one. Those that are there from
  /// the beginning start in full.
  public var slowStart = Duration.seconds(10)

  /// The share of a full share with which a slow start begins, in 0.01...1.
  public var slowStartFloor = 0.1

  /// How many failures in a row eject an endpoint; at least 1, `Int.max` for none.
  public var consecutiveFailures = 5

  /// By how much the failure rate of an endpoint must exceed that of the others to eject it, in
  /// 0.01...1.
  ///
  /// With 0.3 one that fails at 0.5 is ejected while the others together fail at 0.2 or less. When all
  /// fail alike, none is an outlier.
  public var excessFailureRate = 0.3

  /// How many calls the window must hold, of the endpoint and of the others together, before their
  /// rates are compared; at least 1, `Int.max` for never.
  public var minimumCalls = 20

  /// How far back rates look; at least ``buckets`` nanoseconds.
  public var window = Duration.seconds(30)

  /// In how many steps calls fall out of the window, in 1...1000.
  public var buckets = 10

  /// How long the first ejection lasts, the second twice as long, and so on; at least 1 ns.
  ///
  /// For each such time that an endpoint then stays in service one ejection is forgotten.
  public var ejection = Duration.seconds(30)

  /// The longest that an ejection lasts; at least ``ejection``.
  public var longestEjection = Duration.seconds(300)

  /// By which share at most an ejection is shortened at random, in 0...1, so that not all clients
  /// probe at once.
  public var ejectionJitter = 0.1

  /// The largest share of the endpoints that may be ejected at a time, in 0...1.
  ///
  /// One at least stays in service whatever it says; 0 ejects none.
  public var maxEjected = 0.5

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try check("slow start", slowStart, atLeast: .zero)
    try check("slow start floor", slowStartFloor, in: 0.01...1)
    try check("consecutive failures", consecutiveFailures, atLeast: 1)
    try check("excess failure rate", excessFailureRate, in: 0.01...1)
    try check("minimum calls", minimumCalls, atLeast: 1)
    try check("endpoint buckets", buckets, in: 1...1_000)
    try check("endpoint window", window, atLeast: .nanoseconds(buckets))
    try check("ejection", ejection, atLeast: .nanoseconds(1))
    try check("longest ejection", longestEjection, atLeast: ejection)
    try check("ejection jitter", ejectionJitter, in: 0...1)
    try check("max ejected", maxEjected, in: 0...1)
  }

  /// How many of a number of endpoints may be ejected.
  func mostEjected(of count: Int) -> Int {
    // A bit more, so that 0.29 of 100 is 29, though 0.29 is a bit less than that.
    max(0, min(count - 1, Int(Double(count) * maxEjected * (1 + 1e-12))))
  }

  /// A window in which nothing has happened.
  var emptyWindow: RollingTime<EndpointTally> {
    let length = max(1, window.clampedNanoseconds / Int64(buckets))
    return RollingTime(bucketLength: length, buckets: buckets)
  }
}
