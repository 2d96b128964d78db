extension Simulation {
  /// Runs `body` once for each seed, until a run fails.
  ///
  /// A failing schedule is then shrunk: as few choices as possible differ from first come, first
  /// served. What the failure depends on remains.
  ///
  /// ```swift
  /// try await Simulation.explore(seeds: 0..<1_000) { world in
  ///   // … set up, let tasks race …
  ///   try world.require(probes <= 1, "\(probes) probes at once")
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - seeds: The seeds, tried in this order.
  ///   - limits: How far each world may go.
  ///   - shrinkingRuns: How many runs shrinking may take. At 0 the schedule stays as it is.
  ///   - body: What happens in the world. It fails when it throws; make its failures thrown ones.
  /// - Throws: ``ExplorationFailure`` for the first seed that fails; `CancellationError`.
  public static func explore(
    seeds: some Sequence<UInt64>,
    limits: SimulationLimits = SimulationLimits(),
    shrinkingRuns: Int = 200,
    _ body: @escaping @Sendable (World) async throws -> Void
  ) async throws {
    for seed in seeds {
      try Task.checkCancellation()
      let simulation = Simulation(seed: seed, limits: limits)
      let record = await simulation.record(remembersChoices: true, body)
      guard case .failure(let error) = record.result else { continue }
      try Task.checkCancellation()
      var shrinker = Shrinker(simulation, failing: error, runs: shrinkingRuns, body)
      throw await shrinker.shrink(record)
    }
  }

  /// Runs `body` in every order that its choices allow, until a run fails.
  ///
  /// The number of orders grows exponentially, so this is for small worlds: two or three tasks and
  /// a few suspensions.
  ///
  /// - Parameters:
  ///   - limit: How many runs there may be.
  ///   - seed: From which the draws follow; the same in each run.
  ///   - limits: How far each world may go.
  ///   - body: What happens in the world; it must not depend on what an earlier run left behind.
  /// - Returns: How many orders there are, or `nil` if there are more than the limit.
  /// - Throws: ``ExplorationFailure`` for the first order that fails; `CancellationError`.
  @discardableResult
  public static func everyOrder(
    limit: Int = 10_000,
    seed: UInt64 = 0,
    limits: SimulationLimits = SimulationLimits(),
    _ body: @escaping @Sendable (World) async throws -> Void
  ) async throws -> Int? {
    var choices: [Choice] = []
    var runs = 0
    while runs < limit {
      try Task.checkCancellation()
      let schedule = Schedule.replay(choices.map(\.index))
      let simulation = Simulation(seed: seed, schedule: schedule, limits: limits)
      let record = await simulation.record(remembersChoices: true, body)
      if case .failure(let error) = record.result {
        var shrinker = Shrinker(simulation, failing: error, runs: 0, body)
        throw await shrinker.shrink(record)
      }
      runs += 1
      // The next order in the tree of choices, depth first: the last choice that can go further.
      guard let last = record.choices.lastIndex(where: { $0.index + 1 < $0.count }) else {
        return runs
      }
      let next = record.choices[last]
      choices = record.choices[..<last] + [Choice(index: next.index + 1, count: next.count)]
    }
    return nil
  }
}

/// Thrown when an explored world fails.
public struct ExplorationFailure: Error, CustomStringConvertible {
  /// The seed that failed.
  public let seed: UInt64

  /// What the run threw.
  public let error: any Error

  /// A schedule with which the seed fails, shrunk as far as it went.
  public let schedule: Schedule

  /// How many choices of the schedule differ from first come, first served.
  public let choices: Int

  /// The trace of the run under that schedule, with every step it took.
  public let trace: String

  /// What failed, how to repeat it, and the trace.
  public var description: String {
    """
    seed \(seed) fails: \(error)
    \(choices) choices differ from first come, first served; to repeat:
    Simulation(seed: \(seed), schedule: \(schedule))
    \(trace)
    """
  }
}
