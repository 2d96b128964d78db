/// A policy for each key, such as a breaker per host: made on first use, and bounded in number.
///
/// ```swift
/// let breakers = Keyed<String, CircuitBreaker>(limit: 10_000, idleAfter: .seconds(600)) { host in
///   CircuitBreaker(host)
/// }
/// let page = try await breakers.run(for: host) { try await fetch(host) }
/// ```
///
/// The closure that makes a policy runs once per key, however many tasks ask for it at once; the
/// others wait for it, and block their threads meanwhile, so it should be quick. It may use this
/// registry for *other* keys, such as a parent's, as long as keys do not wait for each other in a
/// circle. To ask for its own key is a programming error.
///
/// ## What is removed
/// There are never more than ``limit`` entries, those being made included. When a new key needs
/// room, the least recently used entry goes, of those that may: not one with calls in flight
/// through ``run(for:_:)``, and not one whose policy is not at rest (``Policy/isAtRest``), such as a
/// breaker that is open. Those found in the way count as used from then on, and a new key looks at
/// eight of them on average, and 1024 at once, in each of the parts, so that its cost is bounded.
///
/// If none may go, the new key gets a policy that is made for this use and not kept, and
/// ``KeyedStatistics/overflowed`` grows: whoever can make a million breakers open must not be able
/// to take the memory for a million breakers.
///
/// The order is exact while ``limit`` is below 1024. From there on keys are spread over sixteen
/// parts by their hash, so that tasks seldom meet; the order is exact within each part, and a new
/// key takes room from its own part first. The limit is of all parts together.
///
/// ## What is not used
/// Entries that have not been used for ``idleAfter`` are removed without a timer: a few at each
/// look-up in the same part, and all by ``removeIdle()``. Until then they are used as any other.
///
/// Keys are hashed and compared under a lock; their `==` and `hash(into:)` must not use the registry.
public final class Keyed<Key: Hashable & Sendable, P: Policy>: Sendable {
  /// The most entries there can be.
  public let limit: Int

  /// After how long without use an entry is removed; `nil` for never.
  public let idleAfter: Duration?

  @usableFromInline let shards: [KeyedShard<Key, P>]
  @usableFromInline let idleness: KeyedIdleness
  private let make: @Sendable (Key) -> P
  let counts = KeyedCounts()

  /// Creates a registry without entries.
  ///
  /// - Parameters:
  ///   - limit: The most entries there can be, in 1...1000000000. Memory is taken as they come.
  ///   - idleAfter: After how long without use an entry is removed. Positive; `nil`, and what is too
  ///     long for the timeline, mean never.
  ///   - timeline: The time by which entries are idle.
  ///   - make: Makes the policy for a key.
  public init(
    limit: Int = 10_000,
    idleAfter: Duration? = nil,
    timeline: Timeline = .system,
    make: @escaping @Sendable (_ key: Key) -> P
  ) {
    requireValid { () throws(InvalidSetting) in
      try check("limit of keys", limit, in: 1...1_000_000_000)
      if let idleAfter { try check("idle after", idleAfter, atLeast: .nanoseconds(1)) }
    }
    self.limit = limit
    self.idleAfter = idleAfter
    self.make = make
    idleness = KeyedIdleness(after: idleAfter, timeline: timeline)
    shards = (0..<(limit < 1_024 ? 1 : 16)).map { _ in KeyedShard() }
  }

  /// The policy for a key, made on first use.
  ///
  /// That is a use of the entry, but does not pin it: while the caller still has the policy, the
  /// entry may be evicted, and the next call for the key gets another policy. Call through
  /// ``run(for:_:)``; this is to look at a policy, or to control it.
  ///
  /// - Parameter key: Whose policy.
  public subscript(key: Key) -> P { entry(for: key, pinning: false).policy }

  /// Runs the operation under the policy for a key, made on first use.
  ///
  /// While the call is in flight its entry is not evicted.
  ///
  /// - Parameters:
  ///   - key: Whose policy.
  ///   - operation: What to call. It may run no times, once, or several times, as the policy decides.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw last, or an error of the policy.
  @inlinable
  @inline(__always)
  public func run<T>(for key: Key, _ operation: () async throws -> T) async throws -> T {
    let entry = entry(for: key, pinning: true)
    do {
      let value = try await entry.policy.run(operation)
      entry.unpin()
      return value
    } catch {
      entry.unpin()
      throw error
    }
  }

  /// The entry for a key, used now.
  @inlinable
  func entry(for key: Key, pinning: Bool) -> KeyedEntry<P> {
    let hashed = HashedKey(key)
    let index = hashed.hash & (shards.count - 1)
    let now = idleness.now
    let found = shards[index].find(hashed, pinning: pinning, at: now, idleAfter: idleness.span)
    guard let found else { return makeEntry(for: key, in: index, pinning: pinning) }
    if found.hasIdle { sweep(index, at: now) }
    return found.entry
  }

  @usableFromInline
  func makeEntry(for key: Key, in index: Int, pinning: Bool) -> KeyedEntry<P> {
    let shard = shards[index]
    switch shard.begin(key, pinning: pinning, at: idleness.now) {
    case .made(let entry): return entry
    case .making(let making):
      let entry = making.entry(for: key) {
        let hasRoom = counts.takeRoom(upTo: limit) || makeRoom(from: index)
        // Many of one name are no sign of one per call here.
        let policy = PolicyCensus.$isExempt.withValue(true) { make(key) }
        counts.note(hasRoom ? .created : .overflowed)
        return shard.finish(key, policy, isKept: hasRoom, at: idleness.now)
      }
      sweep(index, at: idleness.now)
      return entry
    }
  }

  /// Removes one entry, whose room is then the caller's: from the given part if it can be.
  private func makeRoom(from index: Int) -> Bool {
    let now = idleness.now
    for step in shards.indices {
      guard shards[(index + step) % shards.count].makeRoom(at: now) else { continue }
      counts.note(.evicted)
      return true
    }
    return false
  }

  /// Removes a few of those that nobody uses.
  @usableFromInline
  func sweep(_ index: Int, at now: Moment) {
    guard idleness.isLimited else { return }
    noteExpired(shards[index].removeIdle(2, after: idleness.span, at: now))
  }

  func noteExpired(_ number: Int) {
    guard number > 0 else { return }
    counts.note(.expired, number)
    counts.giveRoom(number)
  }
}
