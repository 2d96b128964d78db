import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Breaker machine")
struct BreakerMachineTests {
  @Test(
    "A life: 3 failures in a row trip it, 2 s open, 1 probe",
    arguments: [
      Life("ffs", leaves: "ccc"),
      Life("ffsff", leaves: "ccccc"),
      Life("ffiif", leaves: "cccco"),
      Life("fff", leaves: "cco"),
      Life("fffs.s.s", leaves: "cco!o!oc"),
      Life("fff..f.s", leaves: "ccooooo!"),
      Life("fff..f..s", leaves: "ccooooooc"),
      Life("fff..sff", leaves: "ccoooccc"),
      Life("fff..sfff", leaves: "ccoooccco"),
      Life("fff..iis", leaves: "ccooohhc"),
      Life("fff.......s", leaves: "ccooooooooc"),
    ]
  )
  func life(_ life: Life) {
    var machine = BreakerMachine(.test())
    #expect(machine.live(life.events) == life.phases)
  }

  @Test(
    "A life: 2 probes at once, 3 successes close it",
    arguments: [
      Life("fff..sss", leaves: "ccooohhc"),
      Life("fff..ssf", leaves: "ccooohho"),
      Life("fff..sisis", leaves: "ccooohhhhc"),
      Life("fff..iiiiii", leaves: "ccooohhhhhh"),
    ]
  )
  func severalSuccesses(_ life: Life) {
    var machine = BreakerMachine(.test(probes: 2, closeAfter: 3))
    #expect(machine.live(life.events) == life.phases)
  }

  @Test("Half-open from the very nanosecond at which the open duration is over")
  func expiry() {
    var machine = BreakerMachine(.test())
    _ = machine.live("fff")
    let end = Moment.seconds(2)
    #expect(
      machine.admit(at: end.advanced(byNanoseconds: -1))
        == .refuse(.init(state: .open, until: end), nil)
    )
    #expect(machine.admit(at: end).ticket != nil)
    #expect(machine.phase.state == .halfOpen)
  }

  @Test(
    "An open duration of zero or less lets the next call probe",
    arguments: [Duration.zero, .seconds(-5), .seconds(Int64.min)]
  )
  func noOpenDuration(_ duration: Duration) {
    var machine = BreakerMachine(.test(openFor: duration))
    #expect(machine.live("fffs") == "ccoc")
  }

  @Test(
    "A huge open duration lasts for ever and does not overflow",
    arguments: [Duration.seconds(Int64.max), .seconds(400 * 365 * 86_400)]
  )
  func hugeOpenDuration(_ duration: Duration) {
    var machine = BreakerMachine(.test(openFor: duration))
    let late = Moment(nanoseconds: .max - 1)
    _ = machine.live("fff", from: .seconds(1_000))
    #expect(machine.phase == .open(until: .distantFuture))
    #expect(machine.admit(at: late) == .refuse(.init(state: .open, until: .distantFuture), nil))
  }

  @Test("Callers beyond the probes are refused, the one that made it half-open counts as a probe")
  func probeLimit() {
    var machine = BreakerMachine(.test(probes: 2, closeAfter: 2))
    _ = machine.live("fff..")
    let now = Moment.seconds(2)
    #expect(machine.admit(at: now).ticket != nil)
    #expect(machine.admit(at: now).ticket != nil)
    let lease = now.advanced(by: machine.settings.halfOpen.lease)
    #expect(machine.admit(at: now) == .refuse(.init(state: .halfOpen, until: lease), nil))
  }

  @Test("Probes never exceed the limit, whatever happens")
  func probeLimitUnderRandomCommands() async throws {
    for seed in 0..<300 as Range<UInt64> {
      await Task.yield()
      try checkProbeLimit(seed: seed)
    }
  }

  private func checkProbeLimit(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var machine = BreakerMachine(
      .test(trip: .consecutiveFailures(2), openFor: .seconds(1), probes: 3, closeAfter: 3)
    )
    var tickets: [BreakerMachine.Ticket] = []
    var now = Moment.origin
    for _ in 0..<200 {
      now = now.advanced(by: .milliseconds(Int.random(in: 0...700, using: &random)))
      if Bool.random(using: &random), !tickets.isEmpty {
        let ticket = tickets.remove(at: Int.random(in: tickets.indices, using: &random))
        let verdict = Verdict.allCases[Int.random(in: 0...2, using: &random)]
        _ = machine.settle(ticket, as: CallOutcome(verdict), at: now)
      } else if let ticket = machine.admit(at: now).ticket {
        tickets.append(ticket)
      }
      if let recovery = machine.recovery {
        let current = tickets.filter { $0.term == machine.term }.count
        try #require(recovery.running == current && current <= 3, "seed \(seed)")
      }
    }
  }
}
