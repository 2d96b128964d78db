private import Synchronization

/// The shell around a roster: the lock, time and chance, for endpoints of any type.
@usableFromInline
final class EndpointsCore: Sendable {
  typealias Roster = EndpointRoster<SeatedEndpoint>

  /// An attempt, to be settled.
  @usableFromInline
  struct Attempt: Sendable {
    @usableFromInline let seat: any EndpointSeat
    let ticket: EndpointMachine.Ticket
  }

  let name: String
  @usableFromInline let classifier: Classifier
  private let timeline: Timeline
  private let random: RandomSource
  private let observer: (any Observer)?
  private let roster: Guarded<Roster>
  /// Whether an endpoint is drawn.
  private let usesChance: Atomic<Bool>

  init(
    _ name: String,
    _ endpoints: [SeatedEndpoint],
    _ settings: EndpointSettings,
    judging classifier: Classifier,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?
  ) {
    self.name = name
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.observer = observer
    usesChance = Atomic(settings.choice.usesChance)
    var roster = Roster(settings)
    _ = roster.replaceAll(with: endpoints, at: timeline.coarseNow)
    self.roster = Guarded(roster)
  }

  /// The present moment, as near as it matters here.
  var now: Moment { timeline.coarseNow }

  /// What is known now.
  var present: Roster { roster.withLock { $0 } }

  /// Chooses the endpoint of an attempt.
  ///
  /// - Throws: ``NoEndpoint``.
  @usableFromInline
  func choose(avoiding tried: EndpointsTried) throws -> Attempt {
    let draws = usesChance.load(ordering: .relaxed) ? Self.split(random.unit()) : (0, 0)
    let now = timeline.coarseNow
    let choice = roster.withLock { $0.choose(avoiding: tried, draws: draws, at: now) }
    guard let choice else { throw NoEndpoint(policy: name) }
    return Attempt(seat: choice.endpoint.seat, ticket: choice.ticket)
  }

  /// Two numbers from 0 ..< 1 of the bits of one, since to draw costs more than all the rest.
  static func split(_ draw: Double) -> (Double, Double) {
    let scaled = draw * 67_108_864  // 2²⁶, of the 53 bits there are
    let first = scaled.rounded(.down)
    return (first / 67_108_864, scaled - first)
  }

  @usableFromInline
  func settle(_ attempt: Attempt, as verdict: Verdict) {
    let draw = verdict == .failure ? random.unit() : 0
    let now = timeline.coarseNow
    let effect = roster.withLock { $0.settle(attempt.ticket, as: verdict, draw: draw, at: now) }
    tell(effect, at: now)
  }

  func add(_ endpoint: SeatedEndpoint) throws(InvalidSetting) -> Bool {
    let now = timeline.coarseNow
    return try roster.withLock { roster throws(InvalidSetting) in
      try roster.add(endpoint, at: now)
    }
  }

  func remove(_ endpoint: SeatedEndpoint) -> Bool {
    let now = timeline.coarseNow
    let (wasThere, effect) = roster.withLock { $0.remove(endpoint, at: now) }
    tell(effect, at: now)
    return wasThere
  }

  func replaceAll(with endpoints: [SeatedEndpoint]) {
    let now = timeline.coarseNow
    tell(roster.withLock { $0.replaceAll(with: endpoints, at: now) }, at: now)
  }

  func apply(_ settings: EndpointSettings) {
    let now = timeline.coarseNow
    usesChance.store(settings.choice.usesChance, ordering: .relaxed)
    tell(roster.withLock { $0.apply(settings, at: now) }, at: now)
  }

  private func tell(_ effect: Roster.Effect, at now: Moment) {
    guard let observer else { return }
    switch effect {
    case .none: break
    case .ejected(let endpoint, let time):
      let kind = Event.Kind.endpointEjected(endpoint.seat.description, for: time)
      observer.observe(Event(policy: name, at: now, kind: kind))
    case .returned(let endpoints):
      for endpoint in endpoints {
        let kind = Event.Kind.endpointReturned(endpoint.seat.description)
        observer.observe(Event(policy: name, at: now, kind: kind))
      }
    }
  }
}

extension EndpointSettings.Choice {
  /// Whether an endpoint is drawn.
  fileprivate var usesChance: Bool { self == .leastInFlight }
}
