extension BreakerPlan {
  /// The few settings that a breaker can be made from without a ``BreakerSettings``.
  struct Brief: Sendable {
    let trip: TripRule
    let openDuration: Duration
    let probes: Int
    let successesToClose: Int?

    /// Whether both mean the same for certain.
    func isSame(as other: Brief) -> Bool {
      openDuration == other.openDuration && probes == other.probes
        && successesToClose == other.successesToClose && trip.node.isSame(as: other.trip.node)
    }
  }

  private static let usual = Brief(
    trip: BreakerPlan.default.choices.trip,
    openDuration: .seconds(30),
    probes: 1,
    successesToClose: nil
  )

  /// The latest plan that was not the default one.
  private static let latest = Guarded<(brief: Brief, plan: BreakerPlan)>((usual, .default))

  /// A plan of the given settings, and for the same ones, mostly, the same: breakers of a family are
  /// made one like the other.
  static func of(_ brief: Brief) -> BreakerPlan {
    if brief.isSame(as: usual) { return .default }
    return latest.withLock { latest in
      if brief.isSame(as: latest.brief) { return latest.plan }
      let plan = BreakerPlan(brief)
      // What a condition of the user's holds on to is not ours to keep.
      if !brief.trip.node.isCustom { latest = (brief, plan) }
      return plan
    }
  }

  private convenience init(_ brief: Brief) {
    var choices = Choices()
    choices.trip = brief.trip
    choices.open = .constant(brief.openDuration)
    choices.halfOpen.probes = brief.probes
    choices.halfOpen.passing = brief.successesToClose.map { .successes($0) }
    self.init(choices)
  }
}

extension TripNode {
  /// Whether both rules are the same for certain; of conditions of the user's nobody can tell.
  func isSame(as other: TripNode) -> Bool {
    switch (self, other) {
    case (.consecutiveFailures(let own), .consecutiveFailures(let its)):
      own == its
    case (.rate(let own, let rate, let window, let calls), .rate(let its, let r, let w, let c)):
      (own, rate, window, calls) == (its, r, w, c)
    case (.failures(let own, let window), .failures(let its, let w)):
      own == its && window == w
    case (.openChildren(let own, let least), .openChildren(let its, let l)):
      own == its && least == l
    case (.any(let lhs, let rhs), .any(let l, let r)),
      (.all(let lhs, let rhs), .all(let l, let r)):
      lhs.isSame(as: l) && rhs.isSame(as: r)
    default:
      false
    }
  }
}
