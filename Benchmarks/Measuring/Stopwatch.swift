/// Times cases beside their controls.
struct Stopwatch {
  private let plan: Plan
  private let clock = ContinuousClock()
  /// Calls per round, by the name of the case.
  private var calls: [String: Int] = [:]

  init(_ plan: Plan) {
    self.plan = plan
  }

  /// Times a case, its control and its floor in turn, round by round.
  ///
  /// Whatever disturbs the machine for longer than a round disturbs all three.
  mutating func measure(_ benchmark: Case) async throws -> Measurement {
    let control = try find(benchmark.control)
    let floor = try find(benchmark.floor)
    var series: [String: Series] = [:]
    for round in 0...plan.rounds {
      var seen: Set<String> = []
      for participant in [floor, control, benchmark] where seen.insert(participant.name).inserted {
        let time = try await time(participant, calls: try await calls(of: participant))
        // The first round warms up.
        if round > 0 { series[participant.name, default: Series()].append(time) }
      }
    }
    return Measurement(
      of: benchmark,
      series[benchmark.name, default: Series()],
      control: series[control.name, default: Series()],
      floor: series[floor.name, default: Series()]
    )
  }

  private func find(_ name: String) throws -> Case {
    guard let found = Case.named(name) else {
      throw Unexpected(description: "there is no case “\(name)” to compare with")
    }
    return found
  }

  /// How many calls fill a round.
  private mutating func calls(of benchmark: Case) async throws -> Int {
    if let known = calls[benchmark.name] { return known }
    let length = plan.length / .nanoseconds(1)
    var number = 16
    while true {
      // The shortest of three: the first hop to a thread that slept can take a whole round.
      var tries = Series()
      for _ in 0..<3 { tries.append(try await time(benchmark, calls: number)) }
      let time = tries.minimum
      if time * Double(number) >= length / 4 {
        let enough = max(1, Int(length / time))
        calls[benchmark.name] = enough
        return enough
      }
      number *= 4
    }
  }

  /// Nanoseconds per call.
  private func time(_ benchmark: Case, calls: Int) async throws -> Double {
    let elapsed = try await clock.measure { try await benchmark.body(calls) }
    return elapsed / .nanoseconds(1) / Double(calls)
  }
}
