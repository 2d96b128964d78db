import ResilienceTesting
import Testing

@testable import Resilience

/// A breaker's life on two lines: what happens, and the phase it leaves behind.
///
///     s  a call that succeeds        c  closed
///     f  a call that fails           o  open
///     i  a call that is ignored      h  half-open
///     .  one second passes           !  refused
struct Life: Sendable, CustomTestStringConvertible {
  let events: String
  let phases: String

  init(_ events: String, leaves phases: String) {
    self.events = events
    self.phases = phases
  }

  var testDescription: String { "\(events) → \(phases)" }
}

extension BreakerMachine {
  /// Lives through the events, one after the other, and returns the phases left behind.
  mutating func live(_ events: String, from start: Moment = .origin) -> String {
    var now = start
    return String(
      events.map { event in
        guard let verdict = Verdict(letter: event) else {
          now = now.advanced(by: .seconds(1))
          return phase.letter
        }
        guard let ticket = admit(at: now).ticket else { return "!" }
        _ = settle(ticket, as: CallOutcome(verdict), at: now)
        return phase.letter
      }
    )
  }
}

extension BreakerSettings {
  /// Settings for tests: 3 failures in a row, 2 s open, 1 probe.
  static func test(
    trip: TripRule = .consecutiveFailures(3),
    openFor: Duration = .seconds(2),
    probes: Int = 1,
    closeAfter: Int = 1
  ) -> Self {
    var settings = BreakerSettings()
    settings.trip = trip
    settings.open = .constant(openFor)
    settings.halfOpen.probes = probes
    settings.halfOpen.passing = .successes(closeAfter)
    return settings
  }

  /// Settings for tests, changed.
  static func test(_ change: (inout BreakerSettings) -> Void) -> Self {
    var settings = test()
    change(&settings)
    return settings
  }
}

extension BreakerMachine {
  /// Successes and running probes of a half-open machine.
  var recovery: (running: Int, succeeded: Int)? {
    guard case .halfOpen(let recovery) = phase else { return nil }
    return (recovery.probes.count, recovery.successes)
  }
}

extension Verdict {
  init?(letter: Character) {
    switch letter {
    case "s": self = .success
    case "f": self = .failure
    case "i": self = .ignored
    default: return nil
    }
  }
}

extension BreakerMachine.Admission {
  var ticket: BreakerMachine.Ticket? {
    if case .pass(let ticket, _) = self { ticket } else { nil }
  }
}

extension BreakerMachine.Phase {
  var letter: Character {
    switch self {
    case .closed: "c"
    case .open: "o"
    case .halfOpen: "h"
    case .forcedOpen: "F"
    case .disabled: "D"
    }
  }
}

extension Moment {
  static func seconds(_ count: Int64) -> Moment { Moment(.seconds(count)) }
}
