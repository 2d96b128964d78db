/// What a ``Keyed`` has done since it was made.
///
/// When nobody is at work, ``created`` less ``evicted``, ``expired`` and ``removed`` is the number
/// of entries.
public struct KeyedStatistics: Hashable, Sendable, Codable {
  /// Policies that were made and kept.
  public let created: Int

  /// Entries that had to make room for a new key.
  public let evicted: Int

  /// Entries that were removed because nobody had used them for long.
  public let expired: Int

  /// Entries that were removed by ``Keyed/remove(_:)``.
  public let removed: Int

  /// Policies that were made for one use and not kept, since there was no room.
  ///
  /// If it grows, the limit is too small for the keys that are busy or in trouble at once.
  public let overflowed: Int

  /// Creates statistics, to test code that reports them.
  public init(created: Int, evicted: Int, expired: Int, removed: Int, overflowed: Int) {
    self.created = created
    self.evicted = evicted
    self.expired = expired
    self.removed = removed
    self.overflowed = overflowed
  }
}
