/// Those of one class who wait, by key: the keys take turns.
///
/// Each key has a flow, and each flow a turn on a virtual clock. The flow with the earliest turn is
/// served, the clock moves to that turn, and the flow's next turn comes later by the weight that was
/// served. A flow that joins gets its turn after the present one by what it asks for, so that a key
/// that always has one waiting does not go before those who have many. With a single key all of
/// this is the order of arrival. The empty key is that of calls without one.
///
/// ## Source
/// Golestani, S. J. (1994). [A self-clocked fair queueing scheme for broadband
/// applications](https://doi.org/10.1109/INFCOM.1994.337677), IEEE INFOCOM ’94.
struct FairLine<Element: Weighted & Sendable>: Sendable {
  private struct Flow {
    var line: WaitQueue<Element>
    var codel = CoDel()
    /// When it is served next, on the virtual clock.
    var turn: UInt64 = 0
    /// Which of the entries among the turns is its own; of equal turns the lowest comes first.
    var ticket: UInt64 = 0

    var size: (Int, UInt64, UInt64) { (line.count, turn, ticket) }
  }

  private struct Turn: Comparable {
    let turn: UInt64
    let ticket: UInt64
    let key: String

    static func < (lhs: Self, rhs: Self) -> Bool {
      (lhs.turn, lhs.ticket) < (rhs.turn, rhs.ticket)
    }
  }

  /// Flows with someone waiting; and that of the empty key, whose state is kept.
  private var flows: [String: Flow] = [:]
  /// One entry for each flow with someone waiting, and some for flows that have gone.
  private var turns = MinHeap<Turn>()
  private var clock: UInt64 = 0
  private var tickets: UInt64 = 0
  /// Above every place of a flow that has gone: one who has left may be asked for later.
  private var freshPlace: UInt64 = 0

  /// The number of those who wait.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  // MARK: By key

  /// How many of a key wait.
  func count(of key: String) -> Int { flows[key]?.line.count ?? 0 }

  /// The key that has most waiting; of several the one whose turn comes last.
  ///
  /// - Complexity: O(keys that have someone waiting).
  var fattest: (key: String, count: Int) {
    guard let found = flows.max(by: { $0.value.size < $1.value.size }) else { return ("", 0) }
    return (found.key, found.value.line.count)
  }

  func peek(from key: String, first: Bool) -> Element? {
    first ? flows[key]?.line.first : flows[key]?.line.last
  }

  // MARK: Joining and leaving

  mutating func append(
    _ element: Element,
    weight: UInt64,
    for key: String
  ) -> WaitQueue<Element>.Place {
    var flow = flows.removeValue(forKey: key) ?? Flow(line: WaitQueue(firstPlace: freshPlace))
    if flow.line.isEmpty { enter(&flow, turn: clock &+ weight, key: key) }
    let place = flow.line.append(element)
    flows[key] = flow
    count += 1
    return place
  }

  /// - Returns: Whether there was someone at that place.
  mutating func remove(_ place: WaitQueue<Element>.Place, of key: String) -> Bool {
    guard flows[key]?.line.remove(place) == true else { return false }
    count -= 1
    tidy(key)
    return true
  }

  /// Takes one out of turn.
  mutating func pop(from key: String, first: Bool) -> Element? {
    guard let element = first ? flows[key]?.line.popFirst() : flows[key]?.line.popLast() else {
      return nil
    }
    count -= 1
    tidy(key)
    return element
  }

  // MARK: Taking turns

  /// The key whose turn it is; `nil` when nobody waits.
  mutating func nextKey() -> String? {
    while let top = turns.min {
      if isCurrent(top) { return top.key }
      turns.popMin()
    }
    return nil
  }

  /// Takes out one of the key whose turn it is.
  mutating func serve(_ key: String, first: Bool) -> Element? {
    guard var flow = flows.removeValue(forKey: key) else { return nil }
    turns.popMin()
    clock = flow.turn
    let element = first ? flow.line.popFirst() : flow.line.popLast()
    if let element, !flow.line.isEmpty {
      enter(&flow, turn: flow.turn &+ element.weight, key: key)
    }
    flows[key] = flow
    count -= element == nil ? 0 : 1
    tidy(key)
    return element
  }

  mutating func shouldDrop(
    from key: String,
    waited: Duration,
    at now: Moment,
    _ settings: CoDelSettings
  ) -> Bool {
    let isLast = count(of: key) <= 1
    return flows[key]?.codel.shouldDrop(waited: waited, isLast: isLast, at: now, settings) ?? false
  }

  private mutating func enter(_ flow: inout Flow, turn: UInt64, key: String) {
    tickets &+= 1
    flow.turn = turn
    flow.ticket = tickets
    turns.insert(Turn(turn: turn, ticket: tickets, key: key))
  }

  private func isCurrent(_ turn: Turn) -> Bool {
    guard let flow = flows[turn.key] else { return false }
    return flow.ticket == turn.ticket && !flow.line.isEmpty
  }

  /// Forgets a flow that nobody waits in, and turns that are nobody's.
  private mutating func tidy(_ key: String) {
    if let flow = flows[key], flow.line.isEmpty {
      freshPlace = max(freshPlace, flow.line.nextPlace)
      if key.isEmpty { flows[key]?.codel.rest() } else { flows[key] = nil }
    }
    if isEmpty {
      turns.removeAll()
      clock = 0
    } else if turns.count > 2 * flows.count + 32 {
      let current = turns.filter(isCurrent)
      turns = current
    }
  }
}

/// Something that counts for several.
protocol Weighted {
  var weight: UInt64 { get }
}
