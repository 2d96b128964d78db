/// The rules of ``Endpoints`` as a value: which endpoint a call goes to, and which are left out.
///
/// Endpoints stand in the order in which they came, and are known by their places in it; what they are,
/// ``EndpointRoster`` knows. So this is no generic code, and is compiled for what it is. As many as the settings allow may be out of
/// service, ejected or being probed, and never all.
///
/// - Complexity: O(n) to choose and to settle a failure, n being the endpoints; O(1) to settle else.
struct EndpointMachine: Sendable {
  /// A call to an endpoint, to be settled.
  struct Ticket: Hashable, Sendable {
    let id: UInt64
    fileprivate let term: UInt64
    /// Where its endpoint stood; it stands there still unless others went.
    let index: Int
  }

  /// What there is to tell, with the places of those it is about.
  enum Effect: Hashable, Sendable {
    case none
    case ejected(Int, Duration)
    case returned([Int])
  }

  private(set) var settings: EndpointSettings
  private(set) var slots: [EndpointSlot] = []

  /// The calls that count for the rates, one element per endpoint; empty while it is out of service.
  private(set) var windows: [RollingTime<EndpointTally>] = []

  private var slowStart: SlowStart
  /// How many are out of service.
  private var out = 0

  /// How many failures would have ejected an endpoint if that did not leave too few.
  private(set) var suppressed = 0
  private var nextID: UInt64 = 0

  init(_ settings: EndpointSettings) {
    self.settings = settings
    slowStart = SlowStart(settings)
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
  /// - Returns: What to settle, with the place of the endpoint; `nil` when there are no endpoints.
  mutating func choose(
    avoiding tried: EndpointsTried,
    draws: (Double, Double),
    at now: Moment
  ) -> Ticket? {
    if out > 0, tried.isEmpty, let index = slots.firstIndex(where: { $0.awaitsProbe(at: now) }) {
      slots[index].probe(settings, at: now)
      return begin(index)
    }
    let last = tried.ids.last
    guard !tried.isEmpty else { return pick(draws, at: now) { $0.isInService }.map { begin($0) } }
    let index =
      pick(draws, at: now) { $0.isInService && !tried.contains($0.id) }
      ?? pick(draws, at: now) { $0.isInService && $0.id != last }
      ?? pick(draws, at: now) { $0.isInService }
    return index.map { begin($0) }
  }

  private mutating func begin(_ index: Int) -> Ticket {
    slots[index].inFlight += 1
    return Ticket(id: slots[index].id, term: slots[index].term, index: index)
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
      restore(index, at: now)
      return .returned([index])
    case (.probing, .failure):
      return eject(index, draw: draw, at: now)
    case (.probing, .ignored):
      slots[index].awaitNextProbe(at: now)
    case (.inService, .success):
      slots[index].consecutiveFailures = 0
      windows[index].record(EndpointTally(isFailure: false), at: now)
    case (.inService, .failure):
      if slots[index].consecutiveFailures < .max { slots[index].consecutiveFailures += 1 }
      windows[index].record(EndpointTally(isFailure: true), at: now)
      guard isOutlier(index, at: now) else { return .none }
      guard out < settings.mostEjected(of: slots.count) else {
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
    if slots[index].isInService {
      out += 1
      windows[index] = settings.emptyWindow
    }
    return .ejected(index, slots[index].eject(settings, draw: draw, at: now))
  }

  private mutating func restore(_ index: Int, at now: Moment) {
    out -= 1
    slots[index].restore(at: now)
  }

  private mutating func isOutlier(_ index: Int, at now: Moment) -> Bool {
    if slots[index].consecutiveFailures >= settings.consecutiveFailures { return true }
    let own = windows[index].total
    guard own.calls >= settings.minimumCalls else { return false }
    var others = EndpointTally()
    // The window of one that is out of service is empty.
    for other in slots.indices where other != index {
      windows[other].advance(to: now)
      others += windows[other].total
    }
    return others.calls >= settings.minimumCalls
      && own.failureRate - others.failureRate >= settings.excessFailureRate - 1e-12
  }

  // MARK: Choices

  private mutating func pick(
    _ draws: (Double, Double),
    at now: Moment,
    where isEligible: (EndpointSlot) -> Bool
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
      let ofFirst = Double(slots[first].inFlight) * slots[second].weight(slowStart, at: now)
      let ofSecond = Double(slots[second].inFlight) * slots[first].weight(slowStart, at: now)
      return ofSecond < ofFirst ? second : first
    }
  }

  /// The next one in turn, by smooth weighted round robin: each gains its weight, and the one that
  /// has most pays what all have gained.
  private mutating func next(at now: Moment, where isEligible: (EndpointSlot) -> Bool) -> Int? {
    var total = 0.0
    var best: Int?
    for index in slots.indices where isEligible(slots[index]) {
      let weight = slots[index].weight(slowStart, at: now)
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
  private func draw(_ draw: Double, at now: Moment, where isEligible: (EndpointSlot) -> Bool)
    -> Int?
  {
    var total = 0.0
    for slot in slots where isEligible(slot) { total += slot.weight(slowStart, at: now) }
    var rest = draw * total
    var last: Int?
    for index in slots.indices where isEligible(slots[index]) {
      last = index
      rest -= slots[index].weight(slowStart, at: now)
      if rest < 0 { break }
    }
    return last
  }

  // MARK: Coming and going

  /// Adds an endpoint.
  ///
  /// - Parameters:
  ///   - isNew: Whether it starts slowly.
  ///   - now: When it comes.
  mutating func add(isNew: Bool, at now: Moment) {
    nextID += 1
    slots.append(EndpointSlot(id: nextID, isNew: isNew, at: now))
    windows.append(settings.emptyWindow)
  }

  /// Removes endpoints; ``restoreExcess(at:)`` has to follow once all changes are made.
  ///
  /// - Parameter isRemoved: Whether to remove that at a place.
  mutating func remove(where isRemoved: (Int) -> Bool) {
    let kept = slots.indices.filter { !isRemoved($0) }
    slots = kept.map { slots[$0] }
    windows = kept.map { windows[$0] }
    out = slots.count { !$0.isInService }
  }

  /// Goes on with other settings; windows begin anew if theirs are others.
  mutating func apply(_ new: EndpointSettings, at now: Moment) -> Effect {
    if (new.window, new.buckets) != (settings.window, settings.buckets) {
      for index in windows.indices { windows[index] = new.emptyWindow }
    }
    settings = new
    slowStart = SlowStart(new)
    return restoreExcess(at: now)
  }

  /// Puts back into service what may not be out any more, those first that would come first.
  mutating func restoreExcess(at now: Moment) -> Effect {
    var restored: [Int] = []
    while out > settings.mostEjected(of: slots.count) {
      let candidates = slots.indices.filter { !slots[$0].isInService }
      guard let index = candidates.min(by: { slots[$0].ends < slots[$1].ends }) else { break }
      restore(index, at: now)
      restored.append(index)
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
