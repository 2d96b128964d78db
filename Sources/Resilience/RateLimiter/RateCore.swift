/// The line of a ``RateLimiter`` behind a lock, its alarm, and the waking of those granted.
@usableFromInline
final class RateCore: Sendable {
  private struct State {
    var limit: RateLimit
    var line: RateLine<RateWaiter>
    var alarm: RateAlarm?
  }

  /// What is to be done once the lock is released.
  private struct Effects: Sendable {
    var granted: [RateWaiter] = []
    var obsolete: RateAlarm?
    var next: RateAlarm?
  }

  let timeline: Timeline
  private let maxWaiting: Int
  private let state: Guarded<State>

  init(_ limit: RateLimit, maxWaiting: Int, timeline: Timeline) {
    self.timeline = timeline
    self.maxWaiting = maxWaiting
    state = Guarded(State(limit: limit, line: RateLine(limit.machine)))
  }

  var limit: RateLimit { state.withLock { $0.limit } }

  var waiting: Int {
    change { state, now in
      state.line.settle(at: now)
      return state.line.count
    }
  }

  var available: Int { change { state, now in state.line.available(at: now) } }

  var isFresh: Bool { change { state, now in state.line.isFresh(at: now) } }

  /// Takes the weight if nobody is in the line and it can be had now.
  @usableFromInline
  func admit(_ weight: Int) -> Bool {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    let now = timeline.now
    return state.withLock { $0.line.admit(weight, at: now) }
  }

  /// Takes the weight, or joins the line for it.
  func join(
    _ weight: Int,
    _ waiter: RateWaiter?,
    isAwaited: Bool,
    within limit: Duration
  ) -> RateLine<RateWaiter>.Joining {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    return change { state, now in
      state.line.join(
        weight,
        waiter,
        isAwaited: isAwaited,
        at: now,
        until: now.advanced(by: max(.zero, limit)),
        limit: maxWaiting
      )
    }
  }

  /// Waits until the turn of this place comes; leaves the line when the task is cancelled.
  func wait(_ waiter: RateWaiter, at place: RateLine<RateWaiter>.Place) async -> RateTurn {
    await withTaskCancellationHandler {
      await waiter.wait()
    } onCancel: {
      leave(place)
    }
  }

  /// Says that somebody waits for this place from now on.
  func await(_ place: RateLine<RateWaiter>.Place) {
    change { state, now in state.line.await(place, at: now) }
  }

  /// Leaves the line, if the turn has not come yet.
  func leave(_ place: RateLine<RateWaiter>.Place) {
    let left = change { state, now in state.line.leave(place, at: now) }
    left?.resume(with: .cancelled)
  }

  /// Time until the turn of this place comes; `nil` when it is not in the line any more.
  func delay(of place: RateLine<RateWaiter>.Place) -> Duration? {
    change { state, now in state.line.moment(of: place, at: now).map { now.duration(to: $0) } }
  }

  /// Goes on with a limit that is valid.
  func apply(_ limit: RateLimit) {
    let refused = change { state, now -> [(member: RateWaiter, refusal: RateRefusal)] in
      // What has accrued of the next permit is not to be lost each time settings are read again.
      guard limit != state.limit else { return [] }
      state.limit = limit
      return state.line.apply(limit, at: now)
    }
    for (waiter, refusal) in refused { waiter.resume(with: .refused(refusal)) }
  }

  func rang(_ alarm: RateAlarm) {
    change { state, now in
      if state.alarm === alarm { state.alarm = nil }
      state.line.settle(at: now)
    }
  }

  /// Changes the line, then sets the alarm anew and wakes those whose turn has come.
  @discardableResult
  private func change<R: Sendable>(_ body: (inout State, Moment) -> R) -> R {
    let now = timeline.now
    let (result, effects) = state.withLock { state in
      let result = body(&state, now)
      return (result, nextEffects(of: &state))
    }
    perform(effects)
    return result
  }

  private func nextEffects(of state: inout State) -> Effects {
    var effects = Effects(granted: state.line.takeGranted())
    let moment = state.line.alarm
    guard moment != state.alarm?.moment else { return effects }
    effects.obsolete = state.alarm
    effects.next = moment.map { RateAlarm(at: $0, for: self) }
    state.alarm = effects.next
    return effects
  }

  private func perform(_ effects: Effects) {
    if let alarm = effects.obsolete { timeline.cancel(alarm) }
    if let alarm = effects.next {
      timeline.schedule(alarm, at: alarm.moment)
      // Whoever made it obsolete meanwhile may have cancelled it before it was scheduled.
      if state.withLock({ $0.alarm !== alarm }) { timeline.cancel(alarm) }
    }
    for waiter in effects.granted { waiter.resume(with: .granted) }
  }
}
