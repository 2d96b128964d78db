/// The shell of a ``LimitMachine``: a lock, and the places that the limit is for.
@usableFromInline
final class AdaptiveLimiterCore: Sendable {
  @usableFromInline let places: PlaceCore
  @usableFromInline let classifier: Classifier
  let name: String
  let settings: AdaptiveLimiterSettings
  private let machine: Guarded<LimitMachine>
  private let timeline: Timeline
  private let observer: (any Observer)?

  init(
    _ name: String,
    _ settings: AdaptiveLimiterSettings,
    timeline: Timeline,
    draw: Double,
    observer: (any Observer)?
  ) {
    requireValid(settings.validate)
    PolicyCensus.note(.adaptiveLimiter, name)
    self.name = name
    self.settings = settings
    self.timeline = timeline
    self.observer = observer
    classifier = settings.classifier
    let machine = LimitMachine(settings.rule, draw: draw)
    places = PlaceCore(
      PlaceSettings(limit: machine.limit, queue: settings.queue, shares: settings.shares),
      timeline: timeline
    )
    self.machine = Guarded(machine)
  }

  var limit: Int { machine.withLock { $0.limit } }

  /// A call that has a place and is about to begin.
  @usableFromInline
  struct Call: Sendable {
    let began: Moment
    let inFlight: Int
  }

  @usableFromInline
  func begin() -> Call {
    // The count may have changed since the place was taken; a call is never alone without itself.
    Call(began: timeline.now, inFlight: max(1, places.running))
  }

  /// Takes the call for a sample, and then gives its place back.
  @usableFromInline
  func sample(_ call: Call) {
    record(call, isOverload: false)
    places.leave()
  }

  /// Gives the place of a call back that is not a plain success.
  @usableFromInline
  func settle(_ call: Call, as verdict: Verdict, error: (any Error)?) {
    switch verdict {
    case .success: record(call, isOverload: false)
    case .failure:
      if let error, settings.overload(error) { record(call, isOverload: true) }
    case .ignored: break
    }
    places.leave()
  }

  private func record(_ call: Call, isOverload: Bool) {
    let now = timeline.now
    let sample = LimitSample(
      roundTrip: call.began.nanoseconds(to: now),
      inFlight: call.inFlight,
      isOverload: isOverload,
      now: now
    )
    let (old, new) = machine.withLock { machine in (machine.limit, machine.record(sample)) }
    if old != new { follow(from: old, to: new, at: now) }
  }

  /// Lets there be as many places as the limit says.
  private func follow(from old: Int, to new: Int, at now: Moment) {
    // Of two changes at the same time the earlier one may come here last: whoever comes last looks
    // again, until places and limit agree.
    var wanted = new
    while true {
      places.resize(to: wanted)
      let limit = limit
      if limit == wanted { break }
      wanted = limit
    }
    report(.limitChanged(from: old, to: new), at: now)
  }

  func waitForPlace() async throws {
    let refusal = try await places.enterOrWait(1) { report(.queued, at: timeline.now) }
    guard let refusal else { return }
    let error = AdaptiveLimitReached(policy: name, limit: limit, reason: refusal)
    report(.refused(error), at: timeline.now)
    throw error
  }

  private func report(_ kind: @autoclosure () -> Event.Kind, at now: @autoclosure () -> Moment) {
    observer?.observe(Event(policy: name, at: now(), kind: kind()))
  }
}
