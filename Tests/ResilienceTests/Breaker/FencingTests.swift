import Testing

@testable import Resilience

/// A result of an earlier term moves nothing, whatever has happened since.
@Suite("Breaker machine: fencing")
struct FencingTests {
  private func machine(term: UInt32 = 0) -> BreakerMachine {
    BreakerMachine(.test(probes: 2, closeAfter: 2), term: term)
  }

  private func expectStale(
    _ ticket: BreakerMachine.Ticket,
    in machine: BreakerMachine,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for verdict in Verdict.allCases {
      var copy = machine
      let effect = copy.settle(ticket, as: CallOutcome(verdict), at: .seconds(9))
      #expect(effect == .stale, sourceLocation: sourceLocation)
      #expect(copy.phase == machine.phase, sourceLocation: sourceLocation)
      #expect(copy.term == machine.term, sourceLocation: sourceLocation)
      #expect(
        copy.consecutiveFailures == machine.consecutiveFailures,
        sourceLocation: sourceLocation
      )
    }
  }

  @Test("Admitted closed, settled while open: not counted")
  func closedThenOpen() throws {
    var machine = machine()
    let late = try #require(machine.admit(at: .origin).ticket)
    #expect(machine.live("fff") == "cco")
    expectStale(late, in: machine)
  }

  @Test("Admitted closed, settled while half-open: not counted, and frees no probe's place")
  func closedThenHalfOpen() throws {
    var machine = machine()
    let late = try #require(machine.admit(at: .origin).ticket)
    #expect(machine.live("fff") == "cco")
    _ = machine.admit(at: .seconds(2))
    _ = machine.admit(at: .seconds(2))
    expectStale(late, in: machine)
    _ = machine.settle(late, as: CallOutcome(.ignored), at: .seconds(2))
    #expect(machine.admit(at: .seconds(2)).ticket == nil)
  }

  @Test("Admitted closed, settled in the next closed term: not counted")
  func closedThenClosedAgain() throws {
    var machine = machine()
    let late = try #require(machine.admit(at: .origin).ticket)
    #expect(machine.live("fff..ssff") == "ccooohccc")
    expectStale(late, in: machine)
  }

  @Test("A probe of one half-open term, settled in the next: not counted, frees no place of it")
  func probeOfEarlierCycle() throws {
    var machine = machine()
    _ = machine.live("fff")
    let late = try #require(machine.admit(at: .seconds(2)).ticket)
    let failing = try #require(machine.admit(at: .seconds(2)).ticket)
    _ = machine.settle(failing, as: CallOutcome(.failure), at: .seconds(3))
    #expect(machine.phase == .open(until: .seconds(5)))

    _ = machine.admit(at: .seconds(5))
    #expect(machine.recovery?.running == 1)
    expectStale(late, in: machine)
    _ = machine.admit(at: .seconds(5))
    _ = machine.settle(late, as: CallOutcome(.success), at: .seconds(5))
    #expect(machine.recovery?.running == 2)
    #expect(machine.admit(at: .seconds(5)).ticket == nil)
  }

  @Test("The answer to a custom rule's question of an earlier term does not trip")
  func lateAnswer() throws {
    let rule = TripRule.custom("always", over: .lastCalls(1)) { _ in true }
    var machine = BreakerMachine(.test(trip: rule))
    let ticket = try #require(machine.admit(at: .origin).ticket)
    let effect = machine.settle(ticket, as: CallOutcome(.failure), at: .origin)
    guard case .consider(let question) = effect else {
      Issue.record("\(effect)")
      return
    }
    var same = machine
    #expect(same.trip(question, at: .origin) != nil)
    #expect(same.trip(question, at: .origin) == nil)
    _ = machine.reset(at: .origin)
    #expect(machine.trip(question, at: .origin) == nil)
    #expect(machine.phase == .closed)
  }

  @Test("Terms wrap around past the largest number, and results stay told apart")
  func wrapAround() throws {
    var machine = machine(term: .max - 1)
    let late = try #require(machine.admit(at: .origin).ticket)
    #expect(machine.live("fff..ss") == "ccooohc")
    #expect(machine.term == 1)
    expectStale(late, in: machine)
    #expect(machine.live("fff..ss", from: .seconds(10)) == "ccooohc")
  }
}
