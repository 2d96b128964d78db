/// How an ``AdaptiveLimiter`` finds out how many calls its callee can bear at a time.
///
/// | Rule | Looks at | Good for |
/// | --- | --- | --- |
/// | ``guarded(from:in:growth:probeEvery:window:samples:)`` | round trips and throughput, under two limits | any callee: the default |
/// | ``aimd(from:in:backoff:slowAfter:)`` | refusals and slow calls | a callee that says when it has too much to do |
/// | ``vegas(from:in:probeMultiplier:window:samples:)`` | the shortest round trip | steady latencies, idle times now and then |
/// | ``gradient2(from:in:tolerance:smoothing:queue:longWindow:window:samples:)`` | a long average of round trips | bursts, not lasting overload |
///
/// Every rule keeps the limit within its bounds, and raises it only while at least half of it is
/// used: what nobody asks for is not known to be borne.
public struct LimitRule: Hashable, Sendable, CustomStringConvertible {
  enum Kind: Hashable, Sendable {
    case aimd(AIMDLimit.Settings)
    case vegas(VegasLimit.Settings)
    case gradient(GradientLimit.Settings)
    case guarded(GuardedLimit.Settings)
  }

  let kind: Kind
  let window: LimitWindow.Settings

  init(_ kind: Kind, _ window: LimitWindow.Settings) {
    self.kind = kind
    self.window = window
  }

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    try window.validate()
    switch kind {
    case .aimd(let settings): try settings.validate()
    case .vegas(let settings): try settings.validate()
    case .gradient(let settings): try settings.validate()
    case .guarded(let settings): try settings.validate()
    }
  }

  /// The rule and its settings on one line.
  public var description: String {
    switch kind {
    case .aimd(let settings): "\(settings)"
    case .vegas(let settings): "\(settings), \(window)"
    case .gradient(let settings): "\(settings), \(window)"
    case .guarded(let settings): "\(settings), \(window)"
    }
  }
}

extension LimitWindow.Settings: CustomStringConvertible {
  var description: String { "window \(Duration.nanoseconds(length)) and \(samples) samples" }
}
