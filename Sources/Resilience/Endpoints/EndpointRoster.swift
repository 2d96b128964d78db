/// Which endpoints there are, and the rules about them.
///
/// What has to do with what endpoints are is here: that each is there once, and that there are not too
/// many.
struct EndpointRoster<Endpoint: Hashable & Sendable>: Sendable {
  /// The most endpoints there may be.
  static var most: Int { 1_000 }

  /// Checks a number of endpoints.
  static func check(_ count: Int) throws(InvalidSetting) {
    try Resilience.check("number of endpoints", count, in: 0...most)
  }

  /// What there is to tell.
  enum Effect: Hashable, Sendable {
    case none
    case ejected(Endpoint, Duration)
    case returned([Endpoint])
  }

  private(set) var machine: EndpointMachine
  /// The endpoints, each in the place of its slot.
  private(set) var endpoints: [Endpoint] = []

  init(_ settings: EndpointSettings) {
    machine = EndpointMachine(settings)
  }

  /// Chooses the endpoint of an attempt: see ``EndpointMachine/choose(avoiding:draws:at:)``.
  mutating func choose(
    avoiding tried: EndpointsTried,
    draws: (Double, Double),
    at now: Moment
  ) -> (endpoint: Endpoint, ticket: EndpointMachine.Ticket)? {
    guard let ticket = machine.choose(avoiding: tried, draws: draws, at: now) else { return nil }
    return (endpoints[ticket.index], ticket)
  }

  /// Settles an attempt: see ``EndpointMachine/settle(_:as:draw:at:)``.
  mutating func settle(
    _ ticket: EndpointMachine.Ticket,
    as verdict: Verdict,
    draw: Double,
    at now: Moment
  ) -> Effect {
    named(machine.settle(ticket, as: verdict, draw: draw, at: now))
  }

  /// Adds an endpoint unless it is there.
  ///
  /// It starts slowly, if others are there that can take its calls meanwhile.
  ///
  /// - Parameters:
  ///   - endpoint: One more endpoint.
  ///   - now: When it comes.
  /// - Returns: Whether it was added.
  /// - Throws: ``InvalidSetting`` if there are as many as there may be.
  mutating func add(_ endpoint: Endpoint, at now: Moment) throws(InvalidSetting) -> Bool {
    guard !endpoints.contains(endpoint) else { return false }
    try Self.check(endpoints.count + 1)
    machine.add(isNew: !endpoints.isEmpty, at: now)
    endpoints.append(endpoint)
    return true
  }

  /// Removes an endpoint, and puts others back into service if too few are left.
  mutating func remove(_ endpoint: Endpoint, at now: Moment) -> (wasThere: Bool, effect: Effect) {
    guard let index = endpoints.firstIndex(of: endpoint) else { return (false, .none) }
    endpoints.remove(at: index)
    machine.remove { $0 == index }
    return (true, named(machine.restoreExcess(at: now)))
  }

  /// Keeps those of the endpoints that are there, and adds and removes the others.
  mutating func replaceAll(with new: [Endpoint], at now: Moment) -> Effect {
    let wanted = Set(new)
    let old = endpoints
    machine.remove { !wanted.contains(old[$0]) }
    endpoints.removeAll { !wanted.contains($0) }
    var known = Set(endpoints)
    // Where none is left all are new, and none has to start slowly for the others.
    let isNew = !endpoints.isEmpty
    for endpoint in new where known.insert(endpoint).inserted {
      machine.add(isNew: isNew, at: now)
      endpoints.append(endpoint)
    }
    return named(machine.restoreExcess(at: now))
  }

  /// Goes on with other settings: see ``EndpointMachine/apply(_:at:)``.
  mutating func apply(_ settings: EndpointSettings, at now: Moment) -> Effect {
    named(machine.apply(settings, at: now))
  }

  private func named(_ effect: EndpointMachine.Effect) -> Effect {
    switch effect {
    case .none: .none
    case .ejected(let index, let time): .ejected(endpoints[index], time)
    case .returned(let indices): .returned(indices.map { endpoints[$0] })
    }
  }
}
