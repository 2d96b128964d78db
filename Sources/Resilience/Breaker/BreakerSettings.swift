/// How a circuit breaker behaves.
///
/// ```swift
/// var settings = BreakerSettings()
/// settings.trip = .failureRate(0.5, over: .seconds(10)) || .slowCallRate(0.8, over: .seconds(10))
/// settings.slowAfter = .seconds(1)
/// settings.open = .growing(from: .seconds(5), upTo: .seconds(300), jitter: 0.2)
/// settings.halfOpen.probes = 3
/// let breaker = CircuitBreaker("payments", settings)
/// ```
///
/// A breaker checks its settings when it takes them: see ``validate()``.
///
/// Breakers keep the value they were made from, not a copy: of many breakers with the same settings,
/// such as one per host, make the settings once. Changing a value later, or giving one of the
/// breakers others by ``CircuitBreaker/apply(_:)``, leaves the other breakers alone.
public struct BreakerSettings: Sendable {
  /// The settings, shared by whoever has this value; never changed, only exchanged.
  let plan: BreakerPlan

  init(_ plan: BreakerPlan) {
    self.plan = plan
  }

  /// Creates the default settings.
  public init() {
    self.init(.default)
  }

  /// When the circuit opens.
  public var trip: TripRule {
    get { plan.choices.trip }
    set { change { $0.trip = newValue } }
  }

  /// How long a call may take before it counts as slow; `nil` when slowness does not matter.
  ///
  /// A slow probe is a failed probe. Reading the clock twice is what it costs.
  public var slowAfter: Duration? {
    get { plan.choices.slowAfter }
    set { change { $0.slowAfter = newValue } }
  }

  /// How long the circuit stays open before the first probe.
  public var open: OpenDuration {
    get { plan.choices.open }
    set { change { $0.open = newValue } }
  }

  /// How the circuit finds out whether its callee is well again.
  public var halfOpen: HalfOpenSettings {
    get { plan.choices.halfOpen }
    set { change { $0.halfOpen = newValue } }
  }

  /// Time after the breaker's creation during which nothing is counted; zero and less for none.
  ///
  /// For a callee that starts up together with its caller.
  public var grace: Duration {
    get { plan.choices.grace }
    set { change { $0.grace = newValue } }
  }

  /// Whether the breaker begins open, as if its rule had just been met, rather than closed.
  public var startsOpen: Bool {
    get { plan.choices.startsOpen }
    set { change { $0.startsOpen = newValue } }
  }

  private mutating func change(_ change: (inout BreakerPlan.Choices) -> Void) {
    var choices = plan.choices
    change(&choices)
    self = BreakerSettings(BreakerPlan(choices))
  }

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    let choices = plan.choices
    try choices.trip.node.validate()
    if let slowAfter { try check("slow after", slowAfter, atLeast: .nanoseconds(1)) }
    if choices.trip.node.looksAtSlowness, slowAfter == nil {
      throw InvalidSetting("slow after", "nil", allowed: "set when the rule looks at slow calls")
    }
    try choices.open.validate()
    try choices.halfOpen.validate()
  }
}

extension BreakerSettings: CustomReflectable {
  /// The settings one by one, for whoever prints or dumps them.
  public var customMirror: Mirror {
    Mirror(self, children: Mirror(reflecting: plan.choices).children)
  }
}
