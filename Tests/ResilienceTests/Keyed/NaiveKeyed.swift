@testable import Resilience

/// What a ``Keyed`` of one part has to do, written down as plainly as possible.
struct NaiveKeyed {
  struct Entry {
    let key: Int
    var lastUse: Duration
    var calls = 0
    var isAtRest = true

    var mayGo: Bool { calls == 0 && isAtRest }
  }

  let limit: Int
  let idleAfter: Duration?
  /// The one used last comes first.
  private(set) var entries: [Entry] = []
  private(set) var evicted: [Int] = []
  private(set) var overflowed = 0
  private var patience = 0

  init(limit: Int, idleAfter: Duration?) {
    self.limit = limit
    self.idleAfter = idleAfter
  }

  var keys: [Int] { entries.map(\.key) }

  func entry(_ key: Int) -> Entry? { entries.first { $0.key == key } }

  /// Looks a key up.
  ///
  /// - Returns: Whether it has an entry now.
  mutating func use(_ key: Int, at now: Duration) -> Bool {
    if let index = entries.firstIndex(where: { $0.key == key }) {
      toFront(index, at: now)
    } else {
      if entries.count == limit, !makeRoom(at: now) {
        overflowed += 1
      } else {
        entries.insert(Entry(key: key, lastUse: now), at: 0)
      }
    }
    let isThere = entry(key) != nil
    removeIdle(looks: 2, at: now)
    return isThere
  }

  mutating func change(_ key: Int, _ change: (inout Entry) -> Void) {
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return }
    change(&entries[index])
  }

  mutating func remove(_ key: Int) { entries.removeAll { $0.key == key } }

  mutating func removeIdle(looks: Int, at now: Duration) {
    guard let idleAfter else { return }
    for _ in 0..<looks {
      guard let last = entries.last, now - last.lastUse >= idleAfter else { return }
      if last.mayGo { entries.removeLast() } else { toFront(entries.count - 1, at: now) }
    }
  }

  private mutating func makeRoom(at now: Duration) -> Bool {
    patience = min(patience + 8, 1_024)
    for _ in 0..<min(patience, entries.count) {
      patience -= 1
      if entries[entries.count - 1].mayGo {
        evicted.append(entries.removeLast().key)
        return true
      }
      toFront(entries.count - 1, at: now)
    }
    return false
  }

  private mutating func toFront(_ index: Int, at now: Duration) {
    var entry = entries.remove(at: index)
    entry.lastUse = now
    entries.insert(entry, at: 0)
  }
}
