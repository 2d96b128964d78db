// What is done to a circuit by hand, asked about it, and told of it.
extension BreakerCore {
  /// Opens the circuit of a new breaker whose settings say that it begins so.
  func start() {
    guard plan.choices.startsOpen else { return }
    let draw = draw()
    control { machine, now in machine.start(at: now, draw: draw) }
  }

  func control(_ change: (inout BreakerMachine, Moment) -> BreakerTransition?) {
    let now = timeline.now
    _ = locked(at: now, { change(&$0, now) }, transition: { $0 })
  }

  func replace(_ settings: BreakerSettings) {
    setSlowAfter(settings.plan)
    control { machine, now in machine.replace(settings, at: now) }
  }

  var plan: BreakerPlan { read { $0.plan } }

  var settings: BreakerSettings { BreakerSettings(plan) }

  func snapshot() -> BreakerSnapshot {
    let now = timeline.now
    return locked(at: now, { BreakerSnapshot($0, at: now) }, transition: { _ in nil })
  }

  /// Whether forgetting the circuit now would lose nothing.
  var isAtRest: Bool {
    guard glance.state == .closed else { return false }
    let now = timeline.now
    return locked(at: now, { $0.isAtRest(at: now) }, transition: { _ in nil })
      && extrasIfMade?.isChildless ?? true
  }

  /// Whether there are transitions to announce, and someone to hear of them.
  var hasAnnouncements: Bool {
    extrasIfMade.map { $0.hasHooks && $0.hasAnnouncements } ?? false
  }

  func report(_ kind: @autoclosure () -> Event.Kind, at now: @autoclosure () -> Moment) {
    observer?.observe(Event(policy: name, at: now(), kind: kind()))
  }
}
