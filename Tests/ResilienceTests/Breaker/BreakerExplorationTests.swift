import Testing

@testable import Resilience

/// Every state that a small world can reach, by every order of events.
///
/// Three callers admit, settle in each way, and cancel; a second passes; an operator holds the
/// circuit open or disabled, releases it, or resets it. Times are kept relative to the present and
/// terms relative to the current one, which makes the world finite: it is explored to the end.
@Suite("Breaker machine, all interleavings")
struct BreakerExplorationTests {
  /// What a caller has in its hands.
  enum Hand: Hashable {
    case empty
    /// A ticket of the present term.
    case current(probe: UInt32)
    /// A ticket of an earlier term.
    case stale
  }

  struct World {
    var machine: BreakerMachine
    var tickets: [BreakerMachine.Ticket?]
    var now = Moment.origin
  }

  /// What tells two worlds apart, as far as their future goes.
  struct Key: Hashable {
    let phase: String
    let failures: Int
    let holds: BreakerHolds
    let hands: [Hand]
  }

  enum Event: Hashable {
    case admit(Int)
    case settle(Int, Verdict)
    case second
    case hold(BreakerMode)
    case release(BreakerMode)
    case reset
  }

  private static let callers = 3
  private static let probes = 2
  private static let modes: [BreakerMode: BreakerHolds.ID] = [
    .forcedOpen: 1, .disabled: 2, .shadow: 3,
  ]

  static let settings = [
    BreakerSettings.test(
      trip: .consecutiveFailures(2),
      openFor: .seconds(2),
      probes: 2,
      closeAfter: 2
    ),
    BreakerSettings.test {
      $0.trip = .consecutiveFailures(2)
      $0.halfOpen.probes = 2
      $0.halfOpen.passing = .successRate(0.5, of: 3)
      $0.halfOpen.lease = .seconds(2)
      $0.halfOpen.ramp = [0.5]
    },
    BreakerSettings.test {
      $0.trip = .failures(2, lastCalls: 3)
      $0.halfOpen.probes = 2
      $0.halfOpen.lease = .seconds(2)
      $0.halfOpen.limit = .seconds(3)
    },
  ]

  @Test("No more than the probes, no place lost, no stale count, one transition at a time")
  func explore() throws {
    var counts: [Int] = []
    for settings in Self.settings { counts.append(try explore(settings)) }
    print("states explored: \(counts)")
    #expect(counts == Self.expectedCounts)
  }

  /// How many states there are; another number means that the machine has changed its ways.
  private static let expectedCounts = [124, 476, 542]

  private func explore(_ settings: BreakerSettings) throws -> Int {
    let tickets = [BreakerMachine.Ticket?](repeating: nil, count: Self.callers)
    let start = World(machine: BreakerMachine(settings), tickets: tickets)
    var seen: Set<Key> = [key(of: start)]
    var frontier = [start]
    while let world = frontier.popLast() {
      for event in events(in: world) {
        let next = try step(world, event)
        try checkInvariants(of: next, after: event)
        if seen.insert(key(of: next)).inserted {
          try checkRecovery(from: next)
          frontier.append(next)
        }
      }
    }
    return seen.count
  }

  private func events(in world: World) -> [Event] {
    var events: [Event] = [.second, .reset]
    for (index, ticket) in world.tickets.enumerated() {
      if ticket == nil {
        events.append(.admit(index))
      } else {
        events += Verdict.allCases.map { .settle(index, $0) }
      }
    }
    for mode in Self.modes.keys { events += [.hold(mode), .release(mode)] }
    return events
  }

  private func step(_ world: World, _ event: Event) throws -> World {
    var next = world
    var transition: BreakerTransition?
    switch event {
    case .second:
      next.now = next.now.advanced(by: .seconds(1))
    case .admit(let caller):
      // A draw of zero passes on any ramp, so that its steps are reached.
      let admission = next.machine.admit(at: next.now, draw: 0)
      transition = admission.transition
      next.tickets[caller] = admission.ticket
    case .settle(let caller, let verdict):
      let ticket = try #require(next.tickets[caller])
      next.tickets[caller] = nil
      let effect = next.machine.settle(ticket, as: CallOutcome(verdict), at: next.now)
      transition = effect.transition
      if ticket.term != world.machine.term {
        #expect(effect == .stale)
        #expect(describe(next) == describe(world))
      }
    case .hold(let mode):
      transition = next.machine.hold(mode, by: Self.modes[mode] ?? 0, at: next.now)
    case .release(let mode):
      transition = next.machine.hold(nil, by: Self.modes[mode] ?? 0, at: next.now)
    case .reset:
      transition = next.machine.reset(at: next.now)
    }
    // One transition per new term, and it says what happened.
    try #require(next.machine.term &- world.machine.term == (transition == nil ? 0 : 1))
    if let transition {
      try #require(transition.term == next.machine.term)
      try #require(transition.from == world.machine.phase.state)
      try #require(transition.to == next.machine.phase.state)
    } else {
      try #require(next.machine.phase.state == world.machine.phase.state)
    }
    return next
  }

  private func checkInvariants(of world: World, after event: Event) throws {
    guard case .halfOpen(let recovery) = world.machine.phase else { return }
    let held = world.tickets.compactMap { $0 }.filter { $0.term == world.machine.term }
    try #require(recovery.probes.count <= Self.probes, "after \(event)")
    guard recovery.step == 0 else { return }
    let numbers = Set(held.map(\.probe))
    // Each place is held by a caller, and by one only.
    try #require(numbers.count == held.count, "after \(event)")
    for probe in recovery.probes { try #require(numbers.contains(probe.number), "after \(event)") }
  }

  /// From anywhere, once all callers have gone and nobody holds it, healthy calls close the circuit.
  private func checkRecovery(from world: World) throws {
    var world = world
    for id in Self.modes.values { _ = world.machine.hold(nil, by: id, at: world.now) }
    for ticket in world.tickets.compactMap({ $0 }) {
      _ = world.machine.settle(ticket, as: CallOutcome(.ignored), at: world.now)
    }
    // Past the open duration and, from a half-open circuit past its limit, once more.
    for _ in 0..<2 {
      world.now = world.now.advanced(by: .seconds(2))
      for _ in 0..<10 {
        guard let ticket = world.machine.admit(at: world.now, draw: 0).ticket else { break }
        _ = world.machine.settle(ticket, as: CallOutcome(.success), at: world.now)
      }
    }
    try #require(world.machine.phase == .closed)
  }

  private func key(of world: World) -> Key {
    let hands = world.tickets.map { ticket -> Hand in
      guard let ticket else { return .empty }
      guard ticket.term == world.machine.term else { return .stale }
      return .current(probe: rank(of: ticket.probe, in: world.machine))
    }
    return Key(
      phase: describe(world),
      failures: world.machine.consecutiveFailures,
      holds: world.machine.holds,
      // Callers are alike, so their order does not matter.
      hands: hands.sorted { "\($0)" < "\($1)" }
    )
  }

  /// Number of a probe among those that run, oldest first; beyond them when its lease is over.
  private func rank(of probe: UInt32, in machine: BreakerMachine) -> UInt32 {
    guard case .halfOpen(let recovery) = machine.phase, probe > 0 else { return 0 }
    let index = recovery.probes.firstIndex { $0.number == probe }
    return index.map { UInt32($0) + 1 } ?? .max
  }

  private func describe(_ world: World) -> String {
    let machine = world.machine
    func left(_ moment: Moment) -> Duration { max(.zero, world.now.duration(to: moment)) }
    switch machine.phase {
    case .open(let until):
      return "open \(left(until))"
    case .halfOpen(let recovery):
      let leases = recovery.probes.map { min(left($0.leaseEnd), .seconds(9)) }
      let limit = machine.settings.halfOpen.limit.map { left(recovery.since.advanced(by: $0)) }
      return "half-open \(recovery.step) \(recovery.successes) \(recovery.failures) "
        + "\(leases) \(String(describing: limit))"
    case .closed:
      return "closed \(machine.windowRecords)"
    case .forcedOpen, .disabled:
      return "\(machine.phase.state)"
    }
  }
}
