/// A key with its hash, so that it is hashed once for all that is looked up by it.
@frozen
@usableFromInline
struct HashedKey<Key: Hashable>: Hashable {
  @usableFromInline let key: Key
  @usableFromInline let hash: Int

  @inlinable
  init(_ key: Key) {
    self.key = key
    hash = key.hashValue
  }

  @inlinable
  static func == (lhs: HashedKey, rhs: HashedKey) -> Bool {
    lhs.hash == rhs.hash && lhs.key == rhs.key
  }

  @inlinable
  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension HashedKey: Sendable where Key: Sendable {}
