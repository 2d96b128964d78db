/// Which of two racing operations is ahead.
public enum RaceOrder: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// The first one goes as far as it can without waiting before the second one begins.
  case firstAhead = "first ahead"

  /// The second one goes as far as it can without waiting before the first one begins.
  case secondAhead = "second ahead"

  /// The order in words.
  public var description: String { rawValue }
}

extension Simulation {
  /// Lets two operations race twice, in worlds of their own: once with each of them ahead.
  ///
  /// The one ahead runs until it has ended or waits, and so does all it has started; then the other
  /// one begins. For the orders in between see ``everyOrder(limit:seed:limits:_:)``.
  ///
  /// - Parameters:
  ///   - setUp: Makes what they race for; called in each world.
  ///   - first: One operation.
  ///   - second: The other.
  ///   - check: Called when both have ended, with their results and the order.
  /// - Throws: What `setUp` or `check` threw; ``SimulationError``.
  public func race<S: Sendable, A: Sendable, B: Sendable>(
    of setUp: @escaping @Sendable (World) async throws -> S,
    _ first: @escaping @Sendable (S) async throws -> A,
    against second: @escaping @Sendable (S) async throws -> B,
    check: @escaping @Sendable (S, RaceResults<A, B>) async throws -> Void
  ) async throws {
    for order in RaceOrder.allCases {
      try await run { world in
        let stake = try await setUp(world)
        let results: RaceResults<A, B>
        switch order {
        case .firstAhead:
          let one = world.spawn("first") { try await first(stake) }
          await world.idle()
          let other = world.spawn("second") { try await second(stake) }
          results = await RaceResults(order: order, first: one.result, second: other.result)
        case .secondAhead:
          let other = world.spawn("second") { try await second(stake) }
          await world.idle()
          let one = world.spawn("first") { try await first(stake) }
          results = await RaceResults(order: order, first: one.result, second: other.result)
        }
        try await check(stake, results)
      }
    }
  }
}

/// How a race ended.
public struct RaceResults<First: Sendable, Second: Sendable>: Sendable {
  /// Who was ahead.
  public let order: RaceOrder

  /// What the first operation returned or threw.
  public let first: Result<First, any Error>

  /// What the second operation returned or threw.
  public let second: Result<Second, any Error>
}
