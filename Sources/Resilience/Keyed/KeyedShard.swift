/// The entries of a ``Keyed`` whose keys have some bits of their hash in common, behind one lock.
///
/// Under the lock keys are hashed and compared; nothing else of the user's runs there. Whether an
/// entry is at rest is asked without it, and what was removed is let go of after it.
@usableFromInline
final class KeyedShard<Key: Hashable & Sendable, P: Policy>: Sendable {
  @usableFromInline typealias Entry = KeyedEntry<P>

  @usableFromInline
  struct State: Sendable {
    @usableFromInline var table = KeyedTable<Key, KeyedEntry<P>>()
    /// Keys whose policies are being made, and how many calls wait for each.
    fileprivate var making: [Key: (making: KeyedMaking<P>, calls: Int)] = [:]
    /// How many entries may still be looked at to find one that may go.
    fileprivate var patience = 0
  }

  /// An entry that was found, and whether there are some to remove.
  @usableFromInline
  struct Found: Sendable {
    @usableFromInline let entry: KeyedEntry<P>
    @usableFromInline let hasIdle: Bool

    @inlinable
    init(entry: KeyedEntry<P>, hasIdle: Bool) {
      self.entry = entry
      self.hasIdle = hasIdle
    }
  }

  @usableFromInline let state = Guarded(State())

  /// The keys that are looked at per new key, on average and at once.
  static var patiencePerKey: Int { 8 }
  static var mostPatience: Int { 1_024 }

  init() {}

  // MARK: Looking up

  /// Finds the entry for a key, and uses it.
  @inlinable
  func find(
    _ key: HashedKey<Key>,
    pinning: Bool,
    at now: Moment,
    idleAfter span: Int64
  ) -> Found? {
    state.withLock { state in
      guard let entry = state.table.use(key, at: now) else { return nil }
      entry.use(pinning: pinning)
      return Found(entry: entry, hasIdle: span != .max && state.table.hasIdle(for: span, at: now))
    }
  }

  /// The policy for a key, or `nil`; that is no use of it.
  func policy(for key: Key) -> P? {
    state.withLock { $0.table.value(for: key)?.policy }
  }

  /// All entries, the one used last first.
  var all: [KeyedTable<Key, Entry>.Element] { state.withLock { $0.table.all } }

  var count: Int { state.withLock { $0.table.count } }

  // MARK: Making

  enum Beginning {
    case made(Entry)
    case making(KeyedMaking<P>)
  }

  /// Finds the entry for a key, or where it is being made, which may begin here.
  func begin(_ key: Key, pinning: Bool, at now: Moment) -> Beginning {
    state.withLock { state in
      if let entry = state.table.use(HashedKey(key), at: now) {
        entry.use(pinning: pinning)
        return .made(entry)
      }
      let making = state.making[key]?.making ?? KeyedMaking()
      state.making[key, default: (making, 0)].calls += pinning ? 1 : 0
      return .making(making)
    }
  }

  /// The calls that wait for a policy that is being made.
  func callsWaiting(for key: Key) -> Int { state.withLock { $0.making[key]?.calls ?? 0 } }

  /// Makes an entry of a policy, pinned by the calls that waited for it; without room (`isKept`) it
  /// is for those calls only.
  func finish(_ key: Key, _ policy: P, isKept: Bool, at now: Moment) -> Entry {
    let entry = KeyedEntry(policy)
    state.withLock { state in
      entry.pin(calls: state.making.removeValue(forKey: key)?.calls ?? 0)
      if isKept { state.table.insert(entry, for: key, at: now) }
    }
    return entry
  }

  // MARK: Removing

  /// Removes the entry for a key, whatever it is doing.
  func remove(_ key: Key) -> P? {
    state.withLock { $0.table.remove(key) }?.value.policy
  }

  /// Removes the least recently used entry of those that may go.
  ///
  /// Those in the way count as used from now on. Over time no more than ``patiencePerKey`` entries
  /// are looked at per call, and at once no more than ``mostPatience``.
  ///
  /// - Returns: Whether there was one.
  func makeRoom(at now: Moment) -> Bool {
    let looks = state.withLock { state in
      state.patience = min(state.patience + Self.patiencePerKey, Self.mostPatience)
      return min(state.patience, state.table.count)
    }
    let (removed, used) = reap(1, looks: looks, at: now) { _ in true }
    state.withLock { $0.patience = max(0, $0.patience - used) }
    return removed == 1
  }

  /// Removes entries that may go and have not been used for so long, the oldest first.
  ///
  /// - Parameters:
  ///   - most: How many to remove at most.
  ///   - span: Nanoseconds without use.
  ///   - now: The present moment.
  /// - Returns: How many were removed.
  func removeIdle(_ most: Int, after span: Int64, at now: Moment) -> Int {
    reap(most, looks: most, at: now) { $0.hasIdle(for: span, at: now) }.removed
  }

  private typealias Table = KeyedTable<Key, Entry>

  /// An entry that may go if it is at rest, and if it is not used meanwhile.
  private struct Candidate {
    let key: Key
    let entry: Entry
    let use: Entry.Use
  }

  private func reap(
    _ most: Int,
    looks: Int,
    at now: Moment,
    while isDue: (Table) -> Bool
  ) -> (removed: Int, looks: Int) {
    var removed = 0
    var left = looks
    while removed < most, let candidate = candidate(&left, at: now, while: isDue) {
      if settle(candidate, isAtRest: candidate.entry.policy.isAtRest, at: now) { removed += 1 }
    }
    return (removed, looks - left)
  }

  /// The oldest entry without a call in flight.
  private func candidate(_ looks: inout Int, at now: Moment, while isDue: (Table) -> Bool)
    -> Candidate?
  {
    state.withLock { state in
      while looks > 0, isDue(state.table), let oldest = state.table.oldest {
        looks -= 1
        if let use = oldest.value.useUnlessPinned {
          return Candidate(key: oldest.key, entry: oldest.value, use: use)
        }
        _ = state.table.use(HashedKey(oldest.key), at: now)
      }
      return nil
    }
  }

  /// Removes a candidate that is at rest, or lets it count as used.
  ///
  /// Neither if it was used while it was asked, or is gone: then the answer may be wrong.
  private func settle(_ candidate: Candidate, isAtRest: Bool, at now: Moment) -> Bool {
    let gone = state.withLock { state -> Table.Element? in
      guard
        state.table.value(for: candidate.key) === candidate.entry,
        candidate.entry.useUnlessPinned == candidate.use
      else { return nil }
      if isAtRest { return state.table.remove(candidate.key) }
      _ = state.table.use(HashedKey(candidate.key), at: now)
      return nil
    }
    return gone != nil
  }
}
