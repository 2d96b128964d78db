extension Keyed {
  /// The number of entries, those being made included; never more than ``limit``.
  public var count: Int { counts.roomTaken }

  /// What was done since the creation; the figures need not be of the same instant.
  public var statistics: KeyedStatistics { counts.statistics }

  /// The policy for a key, or `nil` if there is none.
  ///
  /// Nothing is made, and it is no use of the entry: it may be evicted as before.
  ///
  /// - Parameter key: Whose policy.
  /// - Returns: The policy that calls for the key run under.
  public func existing(_ key: Key) -> P? { shard(of: key).policy(for: key) }

  /// All keys and their policies, as a copy; that is no use of them.
  ///
  /// The one used last is first; where there are several parts, this holds part by part, and each is
  /// copied at an instant of its own.
  ///
  /// - Complexity: O(n), n being the number of entries.
  public func snapshot() -> [(key: Key, policy: P)] {
    shards.flatMap { shard in shard.all.map { ($0.key, $0.value.policy) } }
  }

  /// Removes the entry for a key, though it may be in use or not at rest.
  ///
  /// Calls in flight go on under the policy they have; the next call gets another. A policy that is
  /// just being made is not there yet, and is not removed.
  ///
  /// - Parameter key: Whose entry.
  /// - Returns: The policy that was removed, or `nil` if there was none.
  @discardableResult
  public func remove(_ key: Key) -> P? {
    guard let policy = shard(of: key).remove(key) else { return nil }
    counts.note(.removed)
    counts.giveRoom(1)
    return policy
  }

  /// Removes all entries that have not been used for ``idleAfter``, except those with calls in
  /// flight or whose policies are not at rest; these count as used from now on.
  ///
  /// Each look-up removes a few of them anyway. This is for a registry that nobody uses any more.
  ///
  /// - Returns: How many were removed.
  /// - Complexity: O(n), n being the number of idle entries.
  @discardableResult
  public func removeIdle() -> Int {
    guard idleness.isLimited else { return 0 }
    let now = idleness.now
    let removed = shards.reduce(0) { sum, shard in
      sum + shard.removeIdle(shard.count, after: idleness.span, at: now)
    }
    noteExpired(removed)
    return removed
  }

  private func shard(of key: Key) -> KeyedShard<Key, P> {
    shards.count == 1 ? shards[0] : shards[key.hashValue & (shards.count - 1)]
  }
}
