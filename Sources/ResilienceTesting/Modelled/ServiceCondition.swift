import Resilience

/// What is the matter with a ``ModelledService`` for a while.
public enum ServiceCondition: Hashable, Sendable {
  /// Calls fail at once, as when nobody listens; work under way fails when it would have ended.
  case failing

  /// Calls that arrive are never answered, as when packets are lost.
  case silent

  /// Work that begins takes `slowdown` times as long, and fails at the given rate.
  case brownOut(slowdown: Double, errorRate: Double)
}

/// What is the matter with a service, and when.
struct ServiceConditions: Sendable {
  private var spans: [(condition: ServiceCondition, from: Moment, to: Moment)] = []

  mutating func add(_ condition: ServiceCondition, from begin: Moment, to end: Moment) {
    spans.append((condition, begin, end))
  }

  /// The condition at a moment; of several the one added last.
  func condition(at moment: Moment) -> ServiceCondition? {
    guard !spans.isEmpty else { return nil }
    return spans.last { $0.from <= moment && moment < $0.to }?.condition
  }
}

/// A service that is slow until it has warmed up.
struct ColdCache: Sendable {
  let from: Moment
  let slowdown: Double
  let calls: Int
  /// Calls that have been served since then.
  var served = 0

  /// By what the time that work takes is multiplied: `slowdown` at first, 1 in the end.
  func factor(at moment: Moment) -> Double {
    guard moment >= from, served < calls else { return 1 }
    return 1 + (slowdown - 1) * (1 - Double(served) / Double(calls))
  }
}
