/// What the attempts of one hedged call came to, by their numbers, until each is returned or
/// discarded.
@usableFromInline
final class HedgeOutcomes<T: Sendable>: Sendable {
  @usableFromInline typealias Outcome = Result<T, any Error>

  /// The first attempt's outcome, and those of the others, which are seldom made.
  @usableFromInline let first = Guarded<Outcome?>(nil)
  @usableFromInline let others = Guarded<[Int: Outcome]>([:])

  @inlinable
  init() {}

  /// Keeps an outcome.
  @inlinable
  func keep(_ outcome: Outcome, of attempt: Int) {
    if attempt == 1 {
      first.withLock { $0 = outcome }
    } else {
      others.withLock { $0[attempt] = outcome }
    }
  }

  /// Hands an outcome out, once.
  @inlinable
  func take(_ attempt: Int) -> Outcome? {
    attempt == 1
      ? first.withLock { outcome in
        defer { outcome = nil }
        return outcome
      }
      : others.withLock { $0.removeValue(forKey: attempt) }
  }
}

/// What a hedged call does, as ``HedgeRun`` sees it: without the type of its values.
@usableFromInline
struct HedgeCalls: Sendable {
  /// Makes an attempt and keeps its outcome; the answer is whether it is accepted.
  let attempt: @Sendable (_ number: Int) async -> Bool

  /// Discards the outcome of an attempt that has ended.
  let discard: @Sendable (_ number: Int) -> Void

  @usableFromInline
  init(
    attempt: @escaping @Sendable (_ number: Int) async -> Bool,
    discard: @escaping @Sendable (_ number: Int) -> Void
  ) {
    self.attempt = attempt
    self.discard = discard
  }
}
