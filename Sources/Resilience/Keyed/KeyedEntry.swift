public import Synchronization

/// A policy that a ``Keyed`` keeps, and how it is being used.
@usableFromInline
final class KeyedEntry<P: Policy>: Sendable {
  /// What has been read of an entry's use: it has been used since if it reads otherwise now.
  typealias Use = UInt64

  @usableFromInline let policy: P

  /// In the lower half how many calls are in flight, in the upper half how often it was looked up,
  /// modulo 2³².
  @usableFromInline let word: Atomic<UInt64>

  init(_ policy: P) {
    self.policy = policy
    word = Atomic(0)
  }

  @usableFromInline static var oneCall: UInt64 { 1 }
  @usableFromInline static var oneUse: UInt64 { 1 << 32 }

  /// Notes that it was looked up, under the lock of its shard.
  ///
  /// - Parameter pinning: Whether for a call, which has to be given back with ``unpin()``.
  @inlinable
  func use(pinning: Bool) {
    word.wrappingAdd(pinning ? Self.oneUse | Self.oneCall : Self.oneUse, ordering: .relaxed)
  }

  /// Notes that calls which waited for the policy begin.
  func pin(calls: Int) {
    word.wrappingAdd(UInt64(calls), ordering: .relaxed)
  }

  /// Gives a call back; needs no lock.
  @inlinable
  func unpin() {
    // Releasing, so that who finds it unpinned sees what the call has done to the policy.
    word.wrappingSubtract(Self.oneCall, ordering: .releasing)
  }

  /// How it has been used so far, or `nil` while calls are in flight.
  var useUnlessPinned: Use? {
    let seen = word.load(ordering: .acquiring)
    return seen & (Self.oneUse - 1) == 0 ? seen : nil
  }
}
