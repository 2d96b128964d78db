/// Values by key in the order of their last use, as a value: no lock and no clock.
///
///     newest ⇄ … ⇄ … ⇄ oldest
///
/// The order is a doubly linked list of indices into one array, so that a use costs a look into a
/// dictionary and a few writes. The array has no holes: the last element moves into one.
///
/// - Complexity: O(1) for everything but ``all``; the space of what is removed is used again.
@usableFromInline
struct KeyedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// A key and its value.
  struct Element: Sendable {
    let key: Key
    let value: Value
  }

  @usableFromInline
  struct Node: Sendable {
    @usableFromInline let key: Key
    @usableFromInline let value: Value
    @usableFromInline var lastUse: Moment
    @usableFromInline var newer = none
    @usableFromInline var older = none
  }

  /// Stands where there is no index.
  @usableFromInline static var none: Int32 { -1 }

  @usableFromInline var indices: [HashedKey<Key>: Int32] = [:]
  @usableFromInline var nodes: [Node] = []
  @usableFromInline var newestIndex = none
  @usableFromInline var oldestIndex = none

  init() {}

  /// The number of keys.
  var count: Int { nodes.count }

  /// The element that was used least recently.
  var oldest: Element? {
    oldestIndex == Self.none ? nil : element(at: oldestIndex)
  }

  /// All elements, the one used last first.
  var all: [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(nodes.count)
    var index = newestIndex
    while index != Self.none {
      elements.append(element(at: index))
      index = nodes[Int(index)].older
    }
    return elements
  }

  /// The value for a key, or `nil`; that is no use of it.
  func value(for key: Key) -> Value? {
    indices[HashedKey(key)].map { nodes[Int($0)].value }
  }

  /// The value for a key, or `nil`; from now on no other has been used later.
  @inlinable
  mutating func use(_ key: HashedKey<Key>, at now: Moment) -> Value? {
    guard let index = indices[key] else { return nil }
    let time = max(now, nodes[Int(newestIndex)].lastUse)
    nodes[Int(index)].lastUse = time
    if index != newestIndex {
      detach(index)
      attach(index)
    }
    return nodes[Int(index)].value
  }

  /// Whether the oldest element has not been used for so many nanoseconds.
  @inlinable
  func hasIdle(for span: Int64, at now: Moment) -> Bool {
    guard oldestIndex != Self.none else { return false }
    return nodes[Int(oldestIndex)].lastUse.nanoseconds(to: now) >= span
  }

  /// Adds a key that is not there, as used now.
  mutating func insert(_ value: Value, for key: Key, at now: Moment) {
    let time = newestIndex == Self.none ? now : max(now, nodes[Int(newestIndex)].lastUse)
    let index = Int32(nodes.count)
    nodes.append(Node(key: key, value: value, lastUse: time))
    indices[HashedKey(key)] = index
    attach(index)
  }

  /// Removes a key.
  ///
  /// - Returns: What was there. Whoever holds a lock lets go of it only after the lock.
  mutating func remove(_ key: Key) -> Element? {
    guard let index = indices.removeValue(forKey: HashedKey(key)) else { return nil }
    detach(index)
    let last = Int32(nodes.count - 1)
    if index != last { move(last, to: index) }
    let node = nodes.removeLast()
    return Element(key: node.key, value: node.value)
  }

  private func element(at index: Int32) -> Element {
    let node = nodes[Int(index)]
    return Element(key: node.key, value: node.value)
  }

  /// Exchanges a node of the list with one that is out of it.
  private mutating func move(_ index: Int32, to hole: Int32) {
    nodes.swapAt(Int(index), Int(hole))
    let node = nodes[Int(hole)]
    indices[HashedKey(node.key)] = hole
    if node.newer == Self.none { newestIndex = hole } else { nodes[Int(node.newer)].older = hole }
    if node.older == Self.none { oldestIndex = hole } else { nodes[Int(node.older)].newer = hole }
  }

  @inlinable
  mutating func detach(_ index: Int32) {
    let newer = nodes[Int(index)].newer
    let older = nodes[Int(index)].older
    if newer == Self.none { newestIndex = older } else { nodes[Int(newer)].older = older }
    if older == Self.none { oldestIndex = newer } else { nodes[Int(older)].newer = newer }
  }

  @inlinable
  mutating func attach(_ index: Int32) {
    nodes[Int(index)].newer = Self.none
    nodes[Int(index)].older = newestIndex
    if newestIndex == Self.none {
      oldestIndex = index
    } else {
      nodes[Int(newestIndex)].newer = index
    }
    newestIndex = index
  }
}
