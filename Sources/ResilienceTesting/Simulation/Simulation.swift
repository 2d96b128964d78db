import Resilience

/// Runs asynchronous code in a world of its own, in which time is virtual and chance is seeded.
///
/// ```swift
/// try await Simulation(seed: 42).run { world in
///   let breaker = CircuitBreaker("x", openFor: .seconds(1_800), timeline: world.timeline)
///   // … trip it …
///   try await world.sleep(for: .seconds(1_800))  // takes no time
///   try world.require(breaker.state == .halfOpen, "probes after half an hour")
/// }
/// ```
///
/// One thread runs everything. When several tasks could go on, the seed chooses; when none can, the
/// clock jumps to the next moment that someone waits for. The same seed gives the same run, another
/// seed another order of what happens at the same time.
///
/// Code in the world takes no virtual time, however long it takes to run.
public struct Simulation: Sendable {
  /// From which all choices and draws follow.
  public var seed: UInt64

  /// Who comes first when several could.
  public var schedule: Schedule

  /// How far the world may go.
  public var limits: SimulationLimits

  /// Whether the trace tells which task runs when, too.
  public var tracesScheduling = false

  /// Creates a simulation.
  ///
  /// - Parameters:
  ///   - seed: From which all choices and draws follow.
  ///   - schedule: Who comes first when several could.
  ///   - limits: How far the world may go.
  public init(
    seed: UInt64,
    schedule: Schedule = .seeded,
    limits: SimulationLimits = SimulationLimits()
  ) {
    self.seed = seed
    self.schedule = schedule
    self.limits = limits
  }

  /// Runs `body` in a new world.
  ///
  /// When the body has ended, spawned tasks that have not are cancelled, and the run goes on until
  /// nothing happens any more.
  ///
  /// - Parameter body: What happens in the world.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw; ``SimulationError`` if the world could not go on, or when tasks
  ///   it had spawned did not end.
  @discardableResult
  public func run<T: Sendable>(
    _ body: @escaping @Sendable (World) async throws -> T
  ) async throws -> T {
    try await record(body).result.get()
  }

  /// Runs `body` in a new world and returns what is to be known of the run, however it ended.
  ///
  /// - Parameter body: What happens in the world.
  /// - Returns: The record of the run.
  public func record<T: Sendable>(
    _ body: @escaping @Sendable (World) async throws -> T
  ) async -> SimulationRecord<T> {
    await record(remembersChoices: false, body)
  }

  func record<T: Sendable>(
    remembersChoices: Bool,
    _ body: @escaping @Sendable (World) async throws -> T
  ) async -> SimulationRecord<T> {
    var seeds = SplitMix64(seed: seed)
    let chooser = Chooser(
      schedule,
      random: SplitMix64(seed: seeds.next()),
      remembers: remembersChoices
    )
    let core = WorldCore(
      WorldState(chooser: chooser, limits: limits),
      trace: TraceLog(limit: limits.traceLines),
      tracesScheduling: tracesScheduling
    )
    let world = World(seed: seed, random: SplitMix64(seed: seeds.next()), core: core)
    let main = core.spawn("the body") {
      // A deadline of the outside is measured by a time of the outside.
      try await Deadline.$current.withValue(nil) {
        try await Timeline.$ofWorld.withValue(world.timeline) { try await body(world) }
      }
    }
    await withTaskCancellationHandler {
      await core.drive()
    } onCancel: {
      core.cancelAll()
    }
    let result: Result<T, any Error>
    // Without a failure the body has ended; otherwise it may wait for ever.
    if let failure = core.failure { result = .failure(failure) } else { result = await main.result }
    return SimulationRecord(result: result, core: core)
  }
}

/// What is to be known of a simulated run.
public struct SimulationRecord<Value: Sendable>: Sendable {
  /// What the body returned or threw, or the ``SimulationError`` that ended the run.
  public let result: Result<Value, any Error>

  private let core: WorldCore

  init(result: Result<Value, any Error>, core: WorldCore) {
    self.result = result
    self.core = core
  }

  /// What happened, to the very end of the run: see ``World/trace``.
  public var trace: String { core.trace.text }

  /// How many steps the world took.
  public var steps: Int { core.steps }

  /// How much time passed in the world.
  public var duration: Duration { core.now.sinceOrigin }

  /// The choices that were made, if they were remembered.
  var choices: [Choice] { core.choices }
}
