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
  private let breaker: CircuitBreaker
  private let ticket: BreakerWord
  private var isSettled = false

  init(breaker: CircuitBreaker, ticket: BreakerWord) {
    self.breaker = breaker
    self.ticket = ticket
  }

  deinit {
    // An ignored outcome causes no transition, so there is nothing to announce.
    if !isSettled { _ = breaker.core.settle(ticket, as: .ignored) }
  }

  /// Gives the permit back with the outcome of the call.
  ///
  /// - Parameter verdict: What the call says about the callee.
  /// - Returns: Whether the outcome was counted.
  @discardableResult
  public consuming func settle(as verdict: Verdict) async -> Settlement {
    isSettled = true
    return await breaker.settle(ticket, as: verdict)
  }

  /// Gives the permit back with the verdict of the breaker's classifier on the error.
  ///
  /// - Parameter error: What the call threw.
  /// - Returns: Whether the outcome was counted.
  @discardableResult
  public consuming func settle(judging error: any Error) async -> Settlement {
    isSettled = true
    return await breaker.settle(ticket, as: breaker.core.classifier.judge(error))
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
  /// - Throws: ``CircuitOpen`` if the circuit does not let the call pass.
  public nonisolated func acquire() async throws -> BreakerPermit {
    let seen = core.glance
    return BreakerPermit(breaker: self, ticket: seen.admitsAll ? seen : try await admit())
  }
}
