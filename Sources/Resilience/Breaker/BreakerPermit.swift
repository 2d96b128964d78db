/// Permission for one call through a ``CircuitBreaker``, to be settled when the call has ended.
///
/// For calls that do not fit into a closure. It cannot be copied, so it is settled at most once;
/// dropping it without settling means that the call says nothing.
///
/// ```swift
/// let permit = try await breaker.acquire()
/// do {
///   try await send(message)
///   await permit.settle(as: .success)
/// } catch {
///   await permit.settle(judging: error)
///   throw error
/// }
/// ```
public struct BreakerPermit: ~Copyable, Sendable {
  /// A ticket of the breaker and of each of its ancestors, outermost first.
  private var tickets: [(breaker: CircuitBreaker, ticket: BreakerTicket)] = []

  fileprivate init(for breaker: CircuitBreaker) async throws {
    for breaker in breaker.ancestry {
      // If one of them refuses, the deinitialiser gives back what the others gave.
      tickets.append((breaker, try await breaker.admit()))
    }
  }

  deinit {
    // An ignored outcome causes no transition, so there is nothing to announce.
    for (breaker, ticket) in tickets.reversed() { _ = breaker.core.settle(ticket, as: .ignored) }
  }

  /// Gives the permit back with the outcome of the call.
  ///
  /// - Parameters:
  ///   - verdict: What the call says about the callee.
  ///   - weight: For how many calls it counts. At least 1.
  /// - Returns: Whether the outcome was counted.
  @discardableResult
  public consuming func settle(as verdict: Verdict, weight: Int = 1) async -> Settlement {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    return await settle(weight: weight) { _ in (verdict, nil) }
  }

  /// Gives the permit back with the verdict of the breaker's classifier on the error.
  ///
  /// - Parameters:
  ///   - error: What the call threw.
  ///   - weight: For how many calls it counts. At least 1.
  /// - Returns: Whether the outcome was counted.
  @discardableResult
  public consuming func settle(judging error: any Error, weight: Int = 1) async -> Settlement {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    return await settle(weight: weight) { ($0.core.classifier.judge(error), error) }
  }

  private consuming func settle(
    weight: Int,
    _ judge: (CircuitBreaker) -> (Verdict, (any Error)?)
  ) async -> Settlement {
    let tickets = tickets
    self.tickets = []
    var settlement = Settlement.recorded
    for (breaker, ticket) in tickets.reversed() {
      let (verdict, error) = judge(breaker)
      let own = await breaker.settle(ticket, as: verdict, weight: weight, error: error)
      if breaker === tickets.last?.breaker { settlement = own }
    }
    return settlement
  }
}

/// What became of an outcome.
@frozen
public enum Settlement: Hashable, Sendable {
  /// It was counted, or was one to ignore.
  case recorded

  /// The state in which the call was admitted had ended: it moved nothing.
  case stale
}

extension CircuitBreaker {
  /// Asks for permission to call.
  ///
  /// - Returns: A permit to settle when the call has ended.
  /// - Throws: ``CircuitOpen`` if the circuit, or one of its ancestors, does not let the call pass.
  public nonisolated func acquire() async throws -> BreakerPermit {
    try await BreakerPermit(for: self)
  }

  /// This breaker and its ancestors, outermost first.
  fileprivate nonisolated var ancestry: [CircuitBreaker] {
    (core.parent?.ancestry ?? []) + [self]
  }
}
