import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Endpoints, against a naive model")
struct EndpointModelTests {
  @Test("Under random commands the same endpoints are chosen, ejected, probed and returned")
  func agreement() async throws {
    var reached = Reached()
    for seed in 0..<(isSoaking ? 3_000 : 120) as Range<UInt64> {
      await Task.yield()
      try agree(seed: seed, steps: 400, &reached)
    }
    // A model that never gets into the corners agrees with anything.
    #expect(reached.ejected > 100 && reached.probed > 100 && reached.suppressed > 100, "\(reached)")
    #expect(reached.restored > 10 && reached.stale > 100, "\(reached)")
  }

  /// How often the runs got into the corners.
  struct Reached {
    var ejected = 0
    var probed = 0
    var suppressed = 0
    var restored = 0
    var stale = 0
  }

  private func settings(_ random: inout SplitMix64) -> EndpointSettings {
    var settings = EndpointSettings()
    settings.choice = Bool.random(using: &random) ? .roundRobin : .leastInFlight
    settings.slowStart = [.zero, .seconds(3), .seconds(20)].randomElement(using: &random) ?? .zero
    settings.slowStartFloor = [0.01, 0.1, 1].randomElement(using: &random) ?? 1
    settings.consecutiveFailures = [1, 2, 3, .max].randomElement(using: &random) ?? 1
    settings.excessFailureRate = [0.1, 0.3, 1].randomElement(using: &random) ?? 1
    settings.minimumCalls = [1, 3, 8, .max].randomElement(using: &random) ?? 1
    settings.window = .seconds(Int.random(in: 1...20, using: &random))
    settings.buckets = Int.random(in: 1...6, using: &random)
    settings.ejection = .seconds(Int.random(in: 1...5, using: &random))
    settings.longestEjection = settings.ejection * Int.random(in: 1...4, using: &random)
    settings.ejectionJitter = [0, 0.1, 1].randomElement(using: &random) ?? 0
    settings.maxEjected = [0, 0.29, 0.5, 1].randomElement(using: &random) ?? 1
    return settings
  }

  private struct Flight {
    let ticket: EndpointMachine.Ticket
    let call: NaiveEndpoints.Call
  }

  private func agree(seed: UInt64, steps: Int, _ reached: inout Reached) throws {
    var random = SplitMix64(seed: seed)
    let settings = settings(&random)
    var machine = EndpointRoster<Int>(settings)
    var model = NaiveEndpoints(settings)
    var flights: [Flight] = []
    var tried = EndpointsTried()
    var triedInModel: [Int] = []
    var now = Moment.origin
    let first = Array(0..<Int.random(in: 1...6, using: &random))
    _ = machine.replaceAll(with: first, at: now)
    model.replaceAll(with: first, at: 0)
    let badness = (0..<10).map { _ in Double.random(in: 0...1, using: &random) }

    for step in 0..<steps {
      let place: Testing.Comment = "seed \(seed), step \(step)"
      let time = now.nanoseconds
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<8:
        let draws = (
          Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random)
        )
        let choice = machine.choose(avoiding: tried, draws: draws, at: now)
        let call = model.choose(avoiding: triedInModel, draws: draws, at: time)
        try mustHold(choice?.ticket.id == call.map { UInt64($0.host) }, place)
        guard let choice, let call else { continue }
        flights.append(Flight(ticket: choice.ticket, call: call))
        if machine.machine.slots.first(where: { $0.id == choice.ticket.id })?.isInService == false {
          reached.probed += 1
        }
      case 8..<15:
        guard let index = flights.indices.randomElement(using: &random) else { continue }
        let flight = flights.remove(at: index)
        let name = model.hosts.first { $0.number == flight.call.host }?.name ?? 0
        let fails = Double.random(in: 0..<1, using: &random) < badness[name]
        let isIgnored = Int.random(in: 0..<5, using: &random) == 0
        let verdict: Verdict = isIgnored ? .ignored : fails ? .failure : .success
        let draw = Double.random(in: 0..<1, using: &random)
        let term = machine.machine.slots.first { $0.id == flight.ticket.id }?.term
        if term != nil, term.map({ UInt64(flight.call.epoch) != $0 }) == true { reached.stale += 1 }
        let effect = machine.settle(flight.ticket, as: verdict, draw: draw, at: now)
        model.settle(flight.call, as: verdict, draw: draw, at: time)
        if case .ejected = effect { reached.ejected += 1 }
        if Bool.random(using: &random) {
          tried.note(flight.ticket.id)
          triedInModel.removeAll { $0 == flight.call.host }
          triedInModel.append(flight.call.host)
        } else {
          tried = EndpointsTried()
          triedInModel = []
        }
      case 15..<18:
        now = now.advanced(by: .milliseconds(Int.random(in: 0..<3_000, using: &random)))
      case 18:
        let name = Int.random(in: 0..<10, using: &random)
        if Bool.random(using: &random) {
          _ = try machine.add(name, at: now)
          model.add(name, at: time)
        } else {
          let (_, effect) = machine.remove(name, at: now)
          model.remove(name, at: time)
          if case .returned = effect { reached.restored += 1 }
        }
      default:
        guard Int.random(in: 0..<8, using: &random) == 0 else { continue }
        let names = (0..<10).shuffled(using: &random).prefix(Int.random(in: 0..<6, using: &random))
        _ = machine.replaceAll(with: Array(names), at: now)
        model.replaceAll(with: Array(names), at: time)
      }
      try compare(machine, model, at: now, place)
    }
    reached.suppressed += machine.machine.suppressed
  }

  private func compare(
    _ machine: EndpointRoster<Int>,
    _ model: NaiveEndpoints,
    at now: Moment,
    _ place: Testing.Comment
  ) throws {
    try mustHold(machine.endpoints == model.hosts.map(\.name), place)
    try mustHold(machine.machine.suppressed == model.suppressed, place)
    for (slot, host) in zip(machine.machine.slots, model.hosts) {
      let state: NaiveEndpoints.State =
        switch slot.status {
        case .inService: .serving
        case .ejected(let until): .out(until: until.nanoseconds)
        case .probing(let lease): .probing(lease: lease.nanoseconds)
        }
      try mustHold(state == host.state, place)
      try mustHold(slot.inFlight == host.flights && slot.ejections == host.ejections, place)
      let weight = slot.weight(SlowStart(model.settings), at: now)
      try mustHold(abs(weight - model.weight(host, at: now.nanoseconds)) < 1e-9, place)
    }
    // The bound, and that one always stays.
    let out = machine.machine.slots.count { !$0.isInService }
    let most = Double(machine.machine.slots.count) * model.settings.maxEjected + 1e-9
    try mustHold(Double(out) <= most && (out < machine.machine.slots.count || out == 0), place)
  }
}
