/// A limit and the rule that moves it, as a value: no lock, no clock, no closure.
///
/// Samples go in and a limit comes out. Most samples only reach the window; the rule decides when
/// it closes. After a decision that moves the limit by more than a tenth the window lets two round
/// trips pass, until the calls that began before have ended.
struct LimitMachine: Sendable {
  fileprivate enum Rule {
    case aimd(AIMDLimit)
    case vegas(VegasLimit)
    case gradient(GradientLimit)
    case guarded(GuardedLimit)
  }

  private var rule: Rule
  private var window: LimitWindow

  /// How many calls may be in flight: within the bounds of the rule, and so at least 1.
  private(set) var limit: Int

  /// Creates a machine at its rule's initial limit.
  ///
  /// The draw, from 0 ..< 1, spreads the probes of machines made alike.
  init(_ rule: LimitRule, draw: Double) {
    switch rule.kind {
    case .aimd(let settings): self.rule = .aimd(AIMDLimit(settings))
    case .vegas(let settings): self.rule = .vegas(VegasLimit(settings, draw: draw))
    case .gradient(let settings): self.rule = .gradient(GradientLimit(settings))
    case .guarded(let settings): self.rule = .guarded(GuardedLimit(settings, draw: draw))
    }
    window = LimitWindow(rule.window)
    limit = Int(self.rule.limit)
  }

  /// Takes note of a finished call.
  ///
  /// - Returns: The new limit.
  mutating func record(_ sample: LimitSample) -> Int {
    if case .aimd(var aimd) = rule {
      aimd.record(sample)
      rule = .aimd(aimd)
      limit = Int(aimd.limit)
    } else if let reading = window.add(sample) {
      decide(reading)
    }
    return limit
  }

  private mutating func decide(_ reading: LimitWindow.Reading) {
    let before = limit
    rule.update(reading)
    limit = Int(rule.limit)
    guard abs(limit - before) * 10 > before, let roundTrip = reading.roundTrip else { return }
    window.settle(until: reading.now.advanced(byNanoseconds: Int64(min(2 * roundTrip, 9e18))))
  }
}

extension LimitMachine.Rule {
  var limit: Double {
    switch self {
    case .aimd(let rule): rule.limit
    case .vegas(let rule): rule.limit
    case .gradient(let rule): rule.limit
    case .guarded(let rule): rule.limit
    }
  }

  mutating func update(_ reading: LimitWindow.Reading) {
    switch self {
    case .aimd: break
    case .vegas(var rule):
      rule.update(reading)
      self = .vegas(rule)
    case .gradient(var rule):
      rule.update(reading)
      self = .gradient(rule)
    case .guarded(var rule):
      rule.update(reading)
      self = .guarded(rule)
    }
  }
}
