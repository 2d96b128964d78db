import ResilienceTesting
import Testing

@testable import Resilience

/// The machine against the naive breaker, under random commands with random steps of time.
@Suite("Breaker machine against a naive model")
struct BreakerModelTests {
  enum Command: Sendable {
    case wait(Int64)
    case admit(draw: Double)
    case settle(pick: Int, CallOutcome)
    case hold(BreakerMode, by: UInt64)
    case release(by: UInt64)
    case reset
  }

  /// A kind of rule, made with random numbers.
  struct Kind: Sendable, CustomTestStringConvertible {
    let name: String
    let rule: @Sendable (inout SplitMix64) -> TripRule

    var testDescription: String { name }
  }

  static let kinds = [
    Kind(name: "consecutive failures") { .consecutiveFailures(.random(in: 1...6, using: &$0)) },
    Kind(name: "failure rate, last calls") { random in
      let size = Int.random(in: 1...80, using: &random)
      let minimum = Int.random(in: 1...size, using: &random)
      return .failureRate(rate(&random), lastCalls: size, minimumCalls: minimum)
    },
    Kind(name: "failure rate, rolling") { random in
      .failureRate(
        rate(&random),
        over: .nanoseconds(Int.random(in: 20...200, using: &random)),
        minimumCalls: .random(in: 1...10, using: &random),
        buckets: .random(in: 1...12, using: &random)
      )
    },
    Kind(name: "failures, last calls") { random in
      let size = Int.random(in: 1...20, using: &random)
      return .failures(.random(in: 1...size, using: &random), lastCalls: size)
    },
    Kind(name: "failures, rolling") { random in
      .failures(
        .random(in: 1...8, using: &random),
        over: .nanoseconds(Int.random(in: 20...200, using: &random))
      )
    },
    Kind(name: "slow-call rate, last calls") { random in
      let size = Int.random(in: 1...20, using: &random)
      return .slowCallRate(rate(&random), lastCalls: size, minimumCalls: (size + 1) / 2)
    },
    Kind(name: "slow-call rate, rolling") { random in
      .slowCallRate(rate(&random), over: .nanoseconds(100), minimumCalls: 3)
    },
    Kind(name: "custom") { random in
      let threshold = Int.random(in: 2...6, using: &random)
      return .custom("own", over: .lastCalls(10)) { reading in
        reading.window.failures + reading.window.slowCalls + reading.consecutiveFailures
          >= threshold
      }
    },
    Kind(name: "combined") { random in
      .consecutiveFailures(.random(in: 2...5, using: &random))
        || (.failureRate(0.5, lastCalls: 12) && .slowCallRate(0.25, over: .nanoseconds(60)))
    },
  ]

  private static func rate(_ random: inout SplitMix64) -> Double {
    [0, 0.1, 0.25, 0.3, 0.5, 2.0 / 3.0, 0.9, 1].randomElement(using: &random) ?? 0.5
  }

  /// Ten thousand sequences for each kind of rule when `RESILIENCE_SOAK` is set, as the check
  /// script does; a thousand otherwise.
  @Test("They agree on every answer, state and count", arguments: kinds)
  func agreement(kind: Kind) async {
    for seed in 0..<(isSoaking ? 10_000 : 250) as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let settings = Self.settings(kind, &random)
      let commands = Self.commands(&random)
      guard let difference = Self.difference(settings, commands) else { continue }
      let fewest = Self.minimise(commands) { Self.difference(settings, $0) != nil }
      Issue.record(
        """
        seed \(seed): \(difference)
        \(settings.trip)
        fewest commands: \(fewest)
        they say: \(Self.difference(settings, fewest) ?? "nothing")
        """
      )
      return
    }
  }

  @Test("The comparison finds a machine that is wrong, and shortens what shows it")
  func findsDifferences() {
    var random = SplitMix64(seed: 1)
    var wrong = BreakerSettings.test(trip: .consecutiveFailures(3))
    let right = wrong
    wrong.trip = .consecutiveFailures(4)
    let found = (0..<100).contains { _ in
      let commands = Self.commands(&random)
      guard Self.difference(right, commands, machine: wrong) != nil else { return false }
      let fewest = Self.minimise(commands) {
        Self.difference(right, $0, machine: wrong) != nil
      }
      // Three calls admitted and settled as failures show it.
      #expect(fewest.count <= 6)
      return true
    }
    #expect(found)
  }

  private static func settings(_ kind: Kind, _ random: inout SplitMix64) -> BreakerSettings {
    var settings = BreakerSettings()
    settings.trip = kind.rule(&random)
    settings.slowAfter = .nanoseconds(1)
    settings.open =
      Bool.random(using: &random)
      ? .constant(.nanoseconds(Int.random(in: 0...60, using: &random)))
      : .growing(from: .nanoseconds(10), upTo: .nanoseconds(70))
    settings.halfOpen.probes = .random(in: 1...3, using: &random)
    settings.halfOpen.passing =
      [
        nil, .successes(.random(in: 1...4, using: &random)),
        .successRate(rate(&random), of: .random(in: 1...6, using: &random)),
      ].randomElement(using: &random) ?? nil
    settings.halfOpen.lease = .nanoseconds(Int.random(in: 5...80, using: &random))
    settings.halfOpen.limit = Bool.random(using: &random) ? .nanoseconds(90) : nil
    settings.halfOpen.ramp = Bool.random(using: &random) ? [0.25, 0.75] : []
    return settings
  }

  private static func commands(_ random: inout SplitMix64) -> [Command] {
    // A sequence is mostly of one mood, else long failures in a row are too rare.
    let failing = Double.random(in: 0.1...0.9, using: &random)
    return (0..<Int.random(in: 20...90, using: &random)).map { _ in
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<15: return .wait(.random(in: 0...20, using: &random))
      case 15..<17: return .wait(.random(in: 0...500, using: &random))
      case 17..<56: return .admit(draw: .random(in: 0..<1, using: &random))
      case 56..<95: return .settle(pick: .random(in: 0..<1_000, using: &random), outcome())
      case 95..<97:
        let mode = BreakerMode.allCases.randomElement(using: &random) ?? .shadow
        return .hold(mode, by: .random(in: 0..<3, using: &random))
      case 97..<99: return .release(by: .random(in: 0..<3, using: &random))
      default: return .reset
      }
    }

    func outcome() -> CallOutcome {
      let verdict: Verdict =
        Int.random(in: 0..<8, using: &random) == 0
        ? .ignored : Double.random(in: 0..<1, using: &random) < failing ? .failure : .success
      return CallOutcome(
        verdict,
        isSlow: verdict != .ignored && Int.random(in: 0..<4, using: &random) == 0,
        weight: Int.random(in: 0..<10, using: &random) == 0 ? 3 : 1,
        openHint: Int.random(in: 0..<20, using: &random) == 0 ? .nanoseconds(33) : nil
      )
    }
  }

  /// Where machine and model first differ, or `nil`.
  private static func difference(
    _ settings: BreakerSettings,
    _ commands: [Command],
    machine wrong: BreakerSettings? = nil
  ) -> String? {
    var model = NaiveBreaker(settings)
    var machine = BreakerMachine(wrong ?? settings)
    var tickets: [(model: NaiveBreaker.Ticket, machine: BreakerMachine.Ticket)] = []
    var now: Int64 = 0
    for (index, command) in commands.enumerated() {
      let moment = Moment(nanoseconds: now)
      switch command {
      case .wait(let step):
        now += step
      case .admit(let draw):
        let expected = model.admit(at: now, draw: draw)
        switch (machine.admit(at: moment, draw: draw), expected) {
        case (.pass(let ticket, _), let expected?) where expected.probe >= 0:
          tickets.append((expected, ticket))
        case (.passUncounted, let expected?) where expected.probe < 0: break
        case (.refuse, nil): break
        case (let actual, _):
          return "command \(index): \(actual), not \(String(describing: expected))"
        }
      case .settle(let pick, let outcome):
        guard !tickets.isEmpty else { continue }
        let index = pick % tickets.count
        let pair = tickets.remove(at: index)
        let expected = model.settle(pair.model, outcome, at: now)
        var effect = machine.settle(pair.machine, as: outcome, at: moment)
        if case .consider(let question) = effect {
          let isMet = machine.settings.trip.node.isMet(by: question)
          let change = isMet ? machine.trip(question, at: moment) : nil
          effect = change.map { .changed($0) } ?? .recorded
        }
        if (effect != .stale) != expected { return "command \(index): \(effect), not \(expected)" }
      case .hold(let mode, let id):
        model.hold(mode, by: id)
        _ = machine.hold(mode, by: id, at: moment)
      case .release(let id):
        model.hold(nil, by: id)
        _ = machine.hold(nil, by: id, at: moment)
      case .reset:
        model.reset()
        _ = machine.reset(at: moment)
      }
      if let difference = difference(model, machine, at: now) {
        return "after command \(index), \(command): \(difference)"
      }
    }
    return nil
  }

  private static func difference(
    _ model: NaiveBreaker,
    _ machine: BreakerMachine,
    at now: Int64
  ) -> String? {
    guard model.state == machine.phase.state else {
      return "state \(machine.phase.state), not \(model.state)"
    }
    guard model.term == Int(machine.term) else { return "term \(machine.term), not \(model.term)" }
    guard model.trips == machine.trips else { return "trips \(machine.trips), not \(model.trips)" }
    if case .open(let until) = machine.phase, until.nanoseconds != model.openUntil {
      return "open until \(until), not \(model.openUntil)"
    }
    guard model.failuresInARow == machine.consecutiveFailures else {
      return "\(machine.consecutiveFailures) in a row, not \(model.failuresInARow)"
    }
    for window in machine.tallies(at: Moment(nanoseconds: now)) {
      let calls = model.calls(in: window.window, at: now)
      let expected = CallTally(
        successes: calls.count { !$0.failed },
        failures: calls.count { $0.failed },
        slowSuccesses: calls.count { $0.slow && !$0.failed },
        slowFailures: calls.count { $0.slow && $0.failed }
      )
      guard window.tally == expected else { return "\(window), not \(expected)" }
    }
    return nil
  }

  /// Leaves out commands one by one as long as the rest still shows the fault.
  private static func minimise(
    _ commands: [Command],
    _ shows: ([Command]) -> Bool
  ) -> [Command] {
    var fewest = commands
    var index = fewest.count - 1
    while index >= 0 {
      var fewer = fewest
      fewer.remove(at: index)
      if shows(fewer) { fewest = fewer }
      index = min(index, fewest.count) - 1
    }
    return fewest
  }
}
