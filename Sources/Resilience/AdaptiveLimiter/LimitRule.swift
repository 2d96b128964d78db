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
public struct LimitRule: Sendable, CustomStringConvertible {
  enum Kind: Hashable, Sendable {
    case aimd(AIMDLimit.Settings)
    case vegas(VegasLimit.Settings)
    case gradient(GradientLimit.Settings)
    case guarded(GuardedLimit.Settings)
  }

  let kind: Kind
  let window: LimitWindow.Settings

  private init(_ kind: Kind, window: LimitWindow.Settings = .init(length: .seconds(1), samples: 10)) {
    self.kind = kind
    self.window = window
  }

  /// The limit that the rule begins with.
  var bounds: LimitBounds {
    switch kind {
    case .aimd(let settings): settings.bounds
    case .vegas(let settings): settings.bounds
    case .gradient(let settings): settings.bounds
    case .guarded(let settings): settings.bounds
    }
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

extension LimitRule {
  /// A gradient against a baseline that is found by experiment, so that it does not drift.
  public static func guarded(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    growth: Double = 0.05,
    probeEvery: Int = 20,
    window: Duration = .seconds(1),
    samples: Int = 50
  ) -> LimitRule {
    LimitRule(
      .guarded(.init(
        bounds: LimitBounds(initial: initial, range: range),
        growth: growth,
        probeEvery: probeEvery
      )),
      window: .init(length: window, samples: samples, clip: 4)
    )
  }

  public static func aimd(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    backoff: Double = 0.9,
    slowAfter: Duration? = .seconds(5)
  ) -> LimitRule {
    LimitRule(
      .aimd(.init(
        bounds: LimitBounds(initial: initial, range: range),
        backoff: backoff,
        slowAfter: slowAfter?.clampedNanoseconds
      ))
    )
  }

  public static func vegas(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    probeMultiplier: Int = 30,
    window: Duration = .seconds(1),
    samples: Int = 10
  ) -> LimitRule {
    LimitRule(
      .vegas(.init(
        bounds: LimitBounds(initial: initial, range: range),
        probeMultiplier: probeMultiplier
      )),
      window: .init(length: window, samples: samples)
    )
  }

  public static func gradient2(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    tolerance: Double = 1.5,
    smoothing: Double = 0.2,
    queue: Int = 4,
    longWindow: Int = 600,
    window: Duration = .seconds(1),
    samples: Int = 10
  ) -> LimitRule {
    LimitRule(
      .gradient(.init(
        bounds: LimitBounds(initial: initial, range: range),
        tolerance: tolerance,
        smoothing: smoothing,
        queue: queue,
        longWindow: longWindow
      )),
      window: .init(length: window, samples: samples)
    )
  }
}
