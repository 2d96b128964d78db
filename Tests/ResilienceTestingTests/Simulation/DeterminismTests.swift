import Resilience
import ResilienceTesting
import Testing

@Suite("Determinism of the simulation")
struct DeterminismTests {
  @Test("The same seed gives the same trace, to the byte, over 100 runs")
  func sameSeed() async throws {
    var simulation = Simulation(seed: 42)
    simulation.tracesScheduling = true
    let first = await simulation.record(OutageWorld.run)
    try first.result.get()
    let bytes = Array(first.trace.utf8)
    for run in 2...100 {
      let record = await simulation.record(OutageWorld.run)
      try #require(Array(record.trace.utf8) == bytes, "run \(run)")
    }
  }

  /// The numbers follow from the world, the runtime, and where policies suspend.
  ///
  /// When one of these changes on purpose, debug and release must agree on the new ones.
  @Test("The trace is the same in debug and in release, and in every process")
  func pinned() async throws {
    let record = await Simulation(seed: 42).record {
      try await OutageWorld.run(in: $0, observer: nil)
    }
    let beginning = record.trace.split(separator: "\n").prefix(3).joined(separator: "\n")
    #expect(
      beginning == """
        0.020000000  client 3: well
        0.020000000  client 1: well
        0.020000000  client 2: well
        """
    )
    #expect(record.trace.utf8.count == 11_520)
    #expect(record.trace.fingerprint == "b5e96cc71c75d34")
  }

  @Test("Another seed gives another trace")
  func otherSeeds() async throws {
    var traces: Set<String> = []
    for seed in 0..<20 {
      traces.insert(await Simulation(seed: UInt64(seed)).record(OutageWorld.run).trace)
    }
    #expect(traces.count == 20)
  }

  @Test("1 000 seeds of a breaker under an outage, 100 in debug, hold what it promises")
  func thousandSeeds() async throws {
    #if DEBUG
      let seeds: Range<UInt64> = 0..<100
    #else
      let seeds: Range<UInt64> = 0..<1_000
    #endif
    let begin = ContinuousClock.now
    try await Simulation.explore(seeds: seeds, OutageWorld.run)
    let took = ContinuousClock.now - begin
    print("\(seeds.count) seeds of a breaker under an outage: \(took)")
    if isMeasuring { #expect(took < .seconds(10) * slowestMachine) }
  }
}

extension String {
  /// FNV-1a, 64 bits, in hexadecimal.
  ///
  /// ## Source
  /// Fowler, G., Noll, L. C., Vo, K.-P. & Eastlake, D. (2012 ff.). [The FNV non-cryptographic hash
  /// algorithm](https://datatracker.ietf.org/doc/html/rfc9923).
  var fingerprint: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in utf8 {
      hash ^= UInt64(byte)
      hash &*= 0x0000_0100_0000_01B3
    }
    return String(hash, radix: 16)
  }
}
