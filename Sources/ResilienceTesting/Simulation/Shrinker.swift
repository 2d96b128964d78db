/// Looks for a schedule that fails in the same way with fewer choices out of the ordinary.
///
/// ## Source
/// Zeller, A. & Hildebrandt, R. (2002). [Simplifying and isolating failure-inducing
/// input](https://doi.org/10.1109/32.988498), IEEE Transactions on Software Engineering 28(2). Here
/// a part of the schedule is not taken out but made ordinary, since later choices count on it.
struct Shrinker {
  private let simulation: Simulation
  private let failure: any Error.Type
  private let body: @Sendable (World) async throws -> Void
  private var runsLeft: Int

  init(
    _ simulation: Simulation,
    failing error: any Error,
    runs: Int,
    _ body: @escaping @Sendable (World) async throws -> Void
  ) {
    self.simulation = simulation
    failure = type(of: error)
    runsLeft = runs
    self.body = body
  }

  /// Shrinks the schedule of a failing run.
  mutating func shrink(_ record: SimulationRecord<Void>) async -> ExplorationFailure {
    var choices = record.choices.map(\.index)
    var before: [Int]?
    while choices != before, runsLeft > 0 {
      before = choices
      choices = await pass(over: choices)
    }
    return await report(choices)
  }

  /// Makes parts of the schedule ordinary: all of it, its halves, their halves, to single choices.
  private mutating func pass(over choices: [Int]) async -> [Int] {
    var choices = choices
    var size = choices.count
    while size >= 1, runsLeft > 0 {
      var start = 0
      while start < choices.count, runsLeft > 0 {
        let end = min(start + size, choices.count)
        var candidate = choices
        candidate.replaceSubrange(start..<end, with: repeatElement(0, count: end - start))
        if candidate != choices, let other = await failing(candidate) { choices = other }
        start = end
      }
      size /= 2
    }
    return choices
  }

  /// The choices made in a run with these, if it fails in the same way.
  private mutating func failing(_ choices: [Int]) async -> [Int]? {
    runsLeft -= 1
    let record = await run(choices, remembersChoices: true, tracesScheduling: false)
    guard case .failure(let error) = record.result, type(of: error) == failure else { return nil }
    return record.choices.map(\.index)
  }

  private func report(_ choices: [Int]) async -> ExplorationFailure {
    let needed = (choices.lastIndex { $0 != 0 } ?? -1) + 1
    let choices = Array(choices[..<needed])
    let record = await run(choices, remembersChoices: false, tracesScheduling: true)
    let result: any Error =
      if case .failure(let error) = record.result { error } else { DidNotFailAgain() }
    return ExplorationFailure(
      seed: simulation.seed,
      error: result,
      schedule: .replay(choices),
      choices: choices.count { $0 != 0 },
      trace: record.trace
    )
  }

  private func run(
    _ choices: [Int],
    remembersChoices: Bool,
    tracesScheduling: Bool
  ) async -> SimulationRecord<Void> {
    var simulation = simulation
    simulation.schedule = .replay(choices)
    simulation.tracesScheduling = tracesScheduling
    return await simulation.record(remembersChoices: remembersChoices, body)
  }
}

/// A run that failed went well when it was repeated: something in it does not follow from its seed,
/// such as the system's clock or generator, or state that outlives a run.
public struct DidNotFailAgain: Error, Hashable, CustomStringConvertible {
  /// What that means.
  public var description: String {
    "failed once, but not when repeated: something does not follow from the seed"
  }
}
