/// The rules of ``Endpoints`` as a value: which endpoint a call goes to, and which are left out.
///
/// Endpoints stand in the order in which they came. As many as the settings allow may be out of
/// service, ejected or being probed, and never all.
///
/// - Complexity: O(n) to choose and to settle a failure, n being the endpoints; O(1) to settle else.
struct EndpointMachine<Endpoint: Hashable & Sendable>: Sendable {
  typealias Slot = EndpointSlot<Endpoint>

  /// The most endpoints there may be.
  static var mostEndpoints: Int { 1_000 }

  /// A call to an endpoint, to be settled.
  struct Ticket: Hashable, Sendable {
    let id: UInt64
    fileprivate let term: UInt64
    /// Where its endpoint stood; it stands there still unless others went.
    fileprivate let index: Int
  }

  /// What there is to tell.
  enum Effect: Hashable, Sendable {
    case none
    case ejected(Endpoint, Duration)
    case returned([Endpoint])
  }

  /// Checks a number of endpoints.
  static func check(_ count: Int) throws(InvalidSetting) {
    try Resilience.check("number of endpoints", count, in: 0...mostEndpoints)
  }

  private(set) var settings: EndpointSettings
  private(set) var slots: [Slot] = []

  /// How many failures would have ejected an endpoint if that did not leave too few.
  private(set) var suppressed = 0
  private var nextID: UInt64 = 0

  init(_ settings: EndpointSettings) {
    self.settings = settings
  }

  // MARK: Calls

  /// Chooses the endpoint of an attempt.
  ///
  /// Whose ejection is over gets one call as a probe, from a call that has not failed yet. Otherwise
  /// it is one in service: one that the call has not tried if there is any, else one that it did not
  /// try last.
  ///
  /// - Parameters:
  ///   - tried: What the call has tried in vain.
  ///   - draws: Two numbers from 0 ..< 1.
  ///   - now: When the attempt begins.
  /// - Returns: The endpoint, and what to settle; `nil` when there are no endpoints.
  mutating func choose(
    avoiding tried: EndpointsTried,
    draws: (Double, Double),
    at now: Moment
  ) -> (endpoint: Endpoint, ticket: Ticket)? {
    if tried.isEmpty, let index = slots.firstIndex(where: { $0.awaitsProbe(at: now) }) {
      slots[index].probe(settings, at: now)
      return begin(index)
    }
    let last = tried.ids.last
    let index =
      pick(draws, at: now) { $0.isInService && !tried.contains($0.id) }
      ?? pick(draws, at: now) { $0.isInService && $0.id != last }
      ?? pick(draws, at: now) { $0.isInService }
    return index.map { begin($0) }
  }

  private mutating func begin(_ index: Int) -> (endpoint: Endpoint, ticket: Ticket) {
    slots[index].inFlight += 1
    let slot = slots[index]
    return (slot.endpoint, Ticket(id: slot.id, term: slot.term, index: index))
  }

  /// Settles an attempt.
  ///
  /// What is ignored moves nothing: no row of failures ends, no window fills, no probe succeeds.
  ///
  /// - Parameters:
  ///   - ticket: Which attempt. Of an endpoint that was removed it changes nothing.
  ///   - verdict: What it says about the endpoint.
  ///   - draw: A number from 0 ..< 1.
  ///   - now: When it ended.
  /// - Returns: What there is to tell.
  mutating func settle(
    _ ticket: Ticket,
    as verdict: Verdict,
    draw: Double,
    at now: Moment
  ) -> Effect {
    guard let index = index(of: ticket) else { return .none }
    slots[index].inFlight -= 1
    guard slots[index].term == ticket.term else { return .none }
    switch (slots[index].status, verdict) {
    case (.probing, .success):
      slots[index].restore(settings, at: now)
      return .returned([slots[index].endpoint])
    case (.probing, .failure):
      return eject(index, draw: draw, at: now)
    case (.probing, .ignored):
      slots[index].awaitNextProbe(at: now)
    case (.inService, .success):
      slots[index].consecutiveFailures = 0
      slots[index].window.record(EndpointTally(isFailure: false), at: now)
    case (.inService, .failure):
      if slots[index].consecutiveFailures < .max { slots[index].consecutiveFailures += 1 }
      slots[index].window.record(EndpointTally(isFailure: true), at: now)
      guard isOutlier(index, at: now) else { return .none }
      guard outOfService < settings.mostEjected(of: slots.count) else {
        suppressed += 1
        return .none
      }
      return eject(index, draw: draw, at: now)
    case (.inService, .ignored), (.ejected, _):
      break
    }
    return .none
  }

  private func index(of ticket: Ticket) -> Int? {
    if ticket.index < slots.count, slots[ticket.index].id == ticket.id { return ticket.index }
    return slots.firstIndex { $0.id == ticket.id }
  }

  private mutating func eject(_ index: Int, draw: Double, at now: Moment) -> Effect {
    let time = slots[index].eject(settings, draw: draw, at: now)
    return .ejected(slots[index].endpoint, time)
  }

  private mutating func isOutlier(_ index: Int, at now: Moment) -> Bool {
    if slots[index].consecutiveFailures >= settings.consecutiveFailures { return true }
    let own = slots[index].window.total
    guard own.calls >= settings.minimumCalls else { return false }
    var others = EndpointTally()
    // The window of one that is out of service is empty.
    for other in slots.indices where other != index {
      slots[other].window.advance(to: now)
      others += slots[other].window.total
    }
    return others.calls >= settings.minimumCalls
      && own.failureRate - others.failureRate >= settings.excessFailureRate - 1e-12
  }

  private var outOfService: Int { slots.count { !$0.isInService } }

  // MARK: Choices

  private mutating func pick(
    _ draws: (Double, Double),
    at now: Moment,
    where isEligible: (Slot) -> Bool
  ) -> Int? {
    switch settings.choice {
    case .roundRobin: return next(at: now, where: isEligible)
    case .leastInFlight:
      guard let first = draw(draws.0, at: now, where: isEligible) else { return nil }
      let id = slots[first].id
      guard let second = draw(draws.1, at: now, where: { isEligible($0) && $0.id != id }) else {
        return first
      }
      // Calls in flight for the share that it is to get; on a tie the first, which is drawn by share.
      let ofFirst = Double(slots[first].inFlight) * slots[second].weight(settings, at: now)
      let ofSecond = Double(slots[second].inFlight) * slots[first].weight(settings, at: now)
      return ofSecond < ofFirst ? second : first
    }
  }

  /// The next one in turn, by smooth weighted round robin: each gains its weight, and the one that
  /// has most pays what all have gained.
  private mutating func next(at now: Moment, where isEligible: (Slot) -> Bool) -> Int? {
    var total = 0.0
    var best: Int?
    for index in slots.indices where isEligible(slots[index]) {
      let weight = slots[index].weight(settings, at: now)
      slots[index].credit += weight
      total += weight
      // A bit more, so that of credits that differ by rounding only the first counts.
      if best.map({ slots[index].credit > slots[$0].credit + 1e-9 }) ?? true { best = index }
    }
    guard let best else { return nil }
    slots[best].credit -= total
    return best
  }

  /// One at random, each in proportion to its weight.
  private func draw(_ draw: Double, at now: Moment, where isEligible: (Slot) -> Bool) -> Int? {
    var total = 0.0
    for slot in slots where isEligible(slot) { total += slot.weight(settings, at: now) }
    var rest = draw * total
    var last: Int?
    for index in slots.indices where isEligible(slots[index]) {
      last = index
      rest -= slots[index].weight(settings, at: now)
      if rest < 0 { break }
    }
    return last
  }

  // MARK: Coming and going

  /// Adds an endpoint unless it is there.
  ///
  /// It starts slowly, if others are in service that can take its calls meanwhile.
  ///
  /// - Returns: Whether it was added.
  /// - Throws: ``InvalidSetting`` if there are as many as there may be.
  mutating func add(_ endpoint: Endpoint, at now: Moment) throws(InvalidSetting) -> Bool {
    guard !slots.contains(where: { $0.endpoint == endpoint }) else { return false }
    try Self.check(slots.count + 1)
    nextID += 1
    slots.append(Slot(endpoint, id: nextID, isNew: !slots.isEmpty, settings, at: now))
    return true
  }

  /// Removes an endpoint, and puts others back into service if too few are left.
  mutating func remove(_ endpoint: Endpoint, at now: Moment) -> (wasThere: Bool, effect: Effect) {
    guard let index = slots.firstIndex(where: { $0.endpoint == endpoint }) else {
      return (false, .none)
    }
    slots.remove(at: index)
    return (true, restoreExcess(at: now))
  }

  /// Keeps those of the endpoints that are there, and adds and removes the others.
  mutating func replaceAll(with endpoints: [Endpoint], at now: Moment) -> Effect {
    let wanted = Set(endpoints)
    let isFirst = slots.isEmpty
    slots.removeAll { !wanted.contains($0.endpoint) }
    let known = Set(slots.map(\.endpoint))
    var added: Set<Endpoint> = []
    for endpoint in endpoints where !known.contains(endpoint) && added.insert(endpoint).inserted {
      nextID += 1
      // Where none was before, or none is left, all are new, and none has to wait for the others.
      let isNew = !isFirst && !known.isEmpty
      slots.append(Slot(endpoint, id: nextID, isNew: isNew, settings, at: now))
    }
    return restoreExcess(at: now)
  }

  /// Goes on with other settings; windows begin anew if theirs are others.
  mutating func apply(_ new: EndpointSettings, at now: Moment) -> Effect {
    if (new.window, new.buckets) != (settings.window, settings.buckets) {
      for index in slots.indices { slots[index].window = new.emptyWindow }
    }
    settings = new
    return restoreExcess(at: now)
  }

  /// Puts back into service what may not be out any more, those first that would come first.
  private mutating func restoreExcess(at now: Moment) -> Effect {
    var restored: [Endpoint] = []
    while outOfService > settings.mostEjected(of: slots.count) {
      let out = slots.indices.filter { !slots[$0].isInService }
      guard let index = out.min(by: { slots[$0].ends < slots[$1].ends }) else { break }
      slots[index].restore(settings, at: now)
      restored.append(slots[index].endpoint)
    }
    return restored.isEmpty ? .none : .returned(restored)
  }
}

extension EndpointSlot {
  /// When it would be tried: a probe is under way already.
  fileprivate var ends: Moment {
    switch status {
    case .inService, .probing: .distantPast
    case .ejected(let until): until
    }
  }
}
