private import Synchronization

/// A policy that is being made for a key: whoever comes first makes it, the others wait.
///
/// They block their threads meanwhile, since a look-up is not asynchronous. The lock is this key's
/// alone.
final class KeyedMaking<P: Policy>: Sendable {
  private let entry = Guarded<KeyedEntry<P>?>(nil)
  /// The thread that makes the policy; 0 when none does.
  private let maker = Atomic<UInt>(0)

  /// The entry, made by the first who asks.
  ///
  /// - Parameters:
  ///   - key: Whose policy it is, for the message when it is asked for while it is being made.
  ///   - make: Makes the entry. Called once.
  /// - Returns: The same entry for all.
  func entry(for key: some Hashable, orMake make: () -> KeyedEntry<P>) -> KeyedEntry<P> {
    let thread = ThreadIdentity.current.number
    precondition(
      maker.load(ordering: .relaxed) != thread,
      "the policy of the key “\(key)” was asked for while it was being made, by its own closure"
    )
    return entry.withLock { entry in
      if let entry { return entry }
      maker.store(thread, ordering: .relaxed)
      defer { maker.store(0, ordering: .relaxed) }
      let made = make()
      entry = made
      return made
    }
  }
}
