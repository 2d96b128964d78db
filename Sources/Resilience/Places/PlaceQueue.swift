/// The rules by which calls wait for places, as a value: who joins, who goes next, who gives way.
///
/// There is a lane for each class of ``Criticality``, served the most critical first. In a lane the
/// calls of each fairness key are a flow, and the flows take turns by the weight they were granted.
/// In a flow the settings say who goes first. Whoever goes next but does not fit yet is waited for:
/// nobody behind goes before.
///
/// - Complexity: O(log n) to join, leave and go, n being those who wait; to make room in a full
///   queue, also the number of flows of one lane.
struct PlaceQueue<Element: Sendable>: Sendable {
  /// What a call asks for.
  struct Request: Hashable, Sendable {
    var weight: UInt64 = 1
    var criticality = Criticality.critical
    var key = ""
  }

  /// Where one who waits stands.
  struct Place: Hashable, Sendable {
    let criticality: Criticality
    let key: String
    let place: WaitQueue<Waiting>.Place
  }

  /// One who waits.
  struct Waiting: Weighted, Sendable {
    let element: Element
    let weight: UInt64
    let since: Moment
  }

  enum Admission {
    case joined(Place)
    /// Joined, and this one has given way.
    case joinedInstead(of: Element, Place)
    case full
  }

  /// Who goes next.
  enum Turn {
    /// It has its places.
    case granted(Element, weight: UInt64)
    /// It is turned away.
    case refused(Element, PlaceRefusal)
    /// Nobody waits, or whoever is next does not fit yet.
    case none
  }

  private var lanes = Criticality.allCases.map { _ in FairLine<Waiting>() }
  /// Since when somebody has been waiting without a break.
  private var busySince = Moment.origin

  /// The number of those who wait.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Whether a call of this class would go before everyone who waits.
  func isNext(_ criticality: Criticality) -> Bool {
    lanes[Int(criticality.rawValue)...].allSatisfy(\.isEmpty)
  }

  // MARK: Joining and leaving

  mutating func join(
    _ element: Element,
    _ request: Request,
    at now: Moment,
    _ settings: QueueSettings
  ) -> Admission {
    let wasEmpty = isEmpty
    var victim: Element?
    if count >= settings.limit {
      guard let found = makeRoom(for: request, at: now, settings) else { return .full }
      victim = found
    }
    if wasEmpty { busySince = now }
    let waiting = Waiting(element: element, weight: request.weight, since: now)
    let place = Place(
      criticality: request.criticality,
      key: request.key,
      place: lanes[request.lane].append(waiting, weight: request.weight, for: request.key)
    )
    count += 1
    return victim.map { .joinedInstead(of: $0, place) } ?? .joined(place)
  }

  /// Leaves the queue; does nothing for one who has gone.
  mutating func leave(_ place: Place) {
    let lane = Int(place.criticality.rawValue)
    if lanes[lane].remove(place.place, of: place.key) { count -= 1 }
  }

  /// Takes out whoever gives way to a newcomer.
  ///
  /// That is one who matters less; or else one of the key that has most waiting, if the newcomer's
  /// has less; or else, in an overload, the oldest.
  private mutating func makeRoom(
    for request: Request,
    at now: Moment,
    _ settings: QueueSettings
  ) -> Element? {
    guard let lane = lanes.firstIndex(where: { !$0.isEmpty }), lane <= request.lane else {
      return nil
    }
    let isReversed = isReversed(at: now, settings)
    let own = lanes[lane].count(of: request.key)
    var (key, most) = lanes[lane].fattest
    if lane == request.lane, most <= own + 1 {
      guard isReversed, own > 0 else { return nil }
      key = request.key
    }
    count -= 1
    // Of a key, whoever would go last gives way.
    return lanes[lane].pop(from: key, first: isReversed)?.element
  }

  // MARK: Going

  /// Takes out whoever goes next, if there are places for it, or if there never will be.
  ///
  /// `taken` places are taken, and the calls of each class may fill its element of `limits`, the
  /// least critical one first.
  mutating func next(
    taken: UInt64,
    limits: [UInt64],
    at now: Moment,
    _ settings: QueueSettings
  ) -> Turn {
    guard let lane = lanes.lastIndex(where: { !$0.isEmpty }), let key = lanes[lane].nextKey() else {
      return .none
    }
    let goesFirst = !isReversed(at: now, settings)
    let limit = limits[lane]
    guard let candidate = lanes[lane].peek(from: key, first: goesFirst) else { return .none }
    if candidate.weight > limit { return refuse(candidate, of: key, lane, goesFirst, limit) }
    guard taken < limit, candidate.weight <= limit - taken else { return .none }
    if let drop = drop(from: key, lane, at: now, settings) { return drop }
    guard let granted = lanes[lane].serve(key, first: goesFirst) else { return .none }
    count -= 1
    return .granted(granted.element, weight: granted.weight)
  }

  /// Turns away one for whom there are no longer places enough: the limit has been lowered.
  private mutating func refuse(
    _ candidate: Waiting,
    of key: String,
    _ lane: Int,
    _ first: Bool,
    _ limit: UInt64
  ) -> Turn {
    _ = lanes[lane].pop(from: key, first: first)
    count -= 1
    return .refused(candidate.element, .tooHeavy(candidate.weight, limit: limit))
  }

  private mutating func drop(
    from key: String,
    _ lane: Int,
    at now: Moment,
    _ settings: QueueSettings
  ) -> Turn? {
    guard let codel = settings.dropping,
      let oldest = lanes[lane].peek(from: key, first: true)
    else { return nil }
    let waited = oldest.since.duration(to: now)
    guard lanes[lane].shouldDrop(from: key, waited: waited, at: now, codel) else { return nil }
    _ = lanes[lane].pop(from: key, first: true)
    count -= 1
    return .refused(oldest.element, .dropped(after: waited))
  }

  /// Whether the newest goes first.
  private func isReversed(at now: Moment, _ settings: QueueSettings) -> Bool {
    guard case .adaptiveLIFO(let time) = settings.order, !isEmpty else { return false }
    return busySince.duration(to: now) >= time
  }
}

extension PlaceQueue.Request {
  fileprivate var lane: Int { Int(criticality.rawValue) }
}
