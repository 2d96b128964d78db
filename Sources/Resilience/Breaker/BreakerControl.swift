/// A breaker, or several, that someone holds in a mode.
public final class BreakerHold: Sendable {
  private let onRelease: @Sendable () async -> Void

  init(_ onRelease: @escaping @Sendable () async -> Void) {
    self.onRelease = onRelease
  }

  /// Releases the hold; a second time does nothing.
  public func release() async { await onRelease() }
}

/// One switch for many breakers: all that were created with it.
///
/// ```swift
/// let region = BreakerControl()
/// let payments = CircuitBreaker("payments", settings, control: region)
/// let hold = await region.hold(.forcedOpen)
/// ```
///
/// A breaker that is created while the control holds a mode is held too. Breakers are not kept
/// alive by their control.
public final class BreakerControl: Sendable {
  private let breakers = WeakList<CircuitBreaker>()
  private let holds = Guarded<[BreakerHolds.ID: BreakerMode]>([:])

  /// Creates a control that holds nothing.
  public init() {}

  /// Holds all breakers in a mode until the hold is released.
  ///
  /// - Parameter mode: The mode.
  /// - Returns: What releases the hold. Dropping it does not.
  public func hold(_ mode: BreakerMode) async -> BreakerHold {
    let id = BreakerHolds.newID()
    holds.withLock { $0[id] = mode }
    for breaker in breakers.all { await breaker.hold(mode, by: id) }
    return BreakerHold { [self] in
      holds.withLock { $0[id] = nil }
      for breaker in breakers.all { await breaker.hold(nil, by: id) }
    }
  }

  /// Takes one more breaker under control.
  func add(_ breaker: CircuitBreaker) {
    breakers.add(breaker)
    // Under the lock, so that a hold released meanwhile is released here too. Both are idempotent.
    holds.withLock { holds in
      for (id, mode) in holds {
        breaker.core.control { machine, now in machine.hold(mode, by: id, at: now) }
      }
    }
  }
}
