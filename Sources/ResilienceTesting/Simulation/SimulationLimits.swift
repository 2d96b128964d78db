/// How far a simulated world may go before its run is ended with a ``SimulationError``.
public struct SimulationLimits: Hashable, Sendable {
  /// How many steps it may take; a step lets one task run to its next suspension, or rings an alarm.
  ///
  /// A call through five policies takes some ten steps. A task that never suspends cannot be ended.
  public var steps = 50_000_000

  /// How much time may pass in the world.
  public var time: Duration = .seconds(7 * 86_400)

  /// How many events and notes its trace holds; of those that come later only the number is kept.
  public var traceLines = 1_000_000

  /// Creates the default limits.
  public init() {}
}
