import ResilienceTesting
import Testing

@testable import Resilience

/// The rules of the queue, written down without a thought for speed.
private struct NaivePlaceQueue {
  struct Waiting {
    let element: Int
    let request: PlaceQueue<Int>.Request
    let since: Moment
  }

  struct Flow: Hashable {
    let criticality: Criticality
    let key: String
  }

  /// In the order of arrival.
  var waiting: [Waiting] = []
  var settings: QueueSettings
  /// When a flow is next, and which change of that was how many-eth.
  var turns: [Flow: (turn: UInt64, change: Int)] = [:]
  var clocks: [Criticality: UInt64] = [:]
  var codels: [Flow: CoDel] = [:]
  var changes = 0
  var busySince = Moment.origin

  func all(of flow: Flow) -> [Waiting] {
    waiting.filter { $0.request.criticality == flow.criticality && $0.request.key == flow.key }
  }

  func flows(of criticality: Criticality) -> Set<Flow> {
    Set(
      waiting.filter { $0.request.criticality == criticality }
        .map { Flow(criticality: criticality, key: $0.request.key) }
    )
  }

  func isReversed(at now: Moment) -> Bool {
    guard case .adaptiveLIFO(let time) = settings.order, !waiting.isEmpty else { return false }
    return busySince.duration(to: now) >= time
  }

  mutating func setTurn(of flow: Flow, to turn: UInt64) {
    changes += 1
    turns[flow] = (turn, changes)
  }

  mutating func remove(_ element: Int) {
    guard let index = waiting.firstIndex(where: { $0.element == element }) else { return }
    let request = waiting.remove(at: index).request
    let flow = Flow(criticality: request.criticality, key: request.key)
    if all(of: flow).isEmpty {
      if flow.key.isEmpty { codels[flow]?.rest() } else { codels[flow] = nil }
    }
    if flows(of: flow.criticality).isEmpty { clocks[flow.criticality] = 0 }
  }

  mutating func join(_ element: Int, _ request: PlaceQueue<Int>.Request, at now: Moment) -> String {
    let own = Flow(criticality: request.criticality, key: request.key)
    let wasEmpty = waiting.isEmpty
    var victim: Waiting?
    if waiting.count >= settings.limit {
      guard let least = waiting.map(\.request.criticality).min(), least <= own.criticality else {
        return "full"
      }
      let most = flows(of: least).max { lhs, rhs in
        let (left, right) = (turns[lhs] ?? (0, 0), turns[rhs] ?? (0, 0))
        return (all(of: lhs).count, left.turn, left.change)
          < (all(of: rhs).count, right.turn, right.change)
      }
      guard var giving = most else { return "full" }
      if least == own.criticality, all(of: giving).count <= all(of: own).count + 1 {
        guard isReversed(at: now), !all(of: own).isEmpty else { return "full" }
        giving = own
      }
      victim = isReversed(at: now) ? all(of: giving).first : all(of: giving).last
      if let victim { remove(victim.element) }
    }
    if wasEmpty { busySince = now }
    if all(of: own).isEmpty {
      setTurn(of: own, to: (clocks[own.criticality] ?? 0) + request.weight)
    }
    waiting.append(Waiting(element: element, request: request, since: now))
    return victim.map { "joined instead of \($0.element)" } ?? "joined"
  }

  mutating func next(taken: UInt64, limit: UInt64, at now: Moment) -> String {
    guard let most = waiting.map(\.request.criticality).max() else { return "none" }
    let first = flows(of: most).min { lhs, rhs in
      let (left, right) = (turns[lhs] ?? (0, 0), turns[rhs] ?? (0, 0))
      return (left.turn, left.change) < (right.turn, right.change)
    }
    guard let flow = first, let oldest = all(of: flow).first, let newest = all(of: flow).last else {
      return "none"
    }
    let next = isReversed(at: now) ? newest : oldest
    if next.request.weight > limit {
      remove(next.element)
      return "too heavy \(next.element)"
    }
    guard taken + next.request.weight <= limit else { return "none" }
    if let codel = settings.dropping {
      let waited = oldest.since.duration(to: now)
      let isLast = all(of: flow).count == 1
      if codels[flow, default: CoDel()].shouldDrop(waited: waited, isLast: isLast, at: now, codel) {
        remove(oldest.element)
        return "dropped \(oldest.element)"
      }
    }
    clocks[most] = turns[flow]?.turn
    setTurn(of: flow, to: (turns[flow]?.turn ?? 0) + next.request.weight)
    remove(next.element)
    return "granted \(next.element)"
  }
}

@Suite("Place queue and a naive model")
struct PlaceQueueModelTests {
  private static let orders: [QueueSettings.Order] = [
    .fifo, .adaptiveLIFO(after: .milliseconds(20)),
  ]

  @Test("They agree under random commands", arguments: orders, [false, true])
  func agreement(order: QueueSettings.Order, dropping: Bool) async throws {
    for seed in 0..<UInt64(isSoaking ? 10_000 : 100) {
      await Task.yield()
      try compare(seed: seed, order: order, dropping: dropping)
    }
  }

  private func compare(seed: UInt64, order: QueueSettings.Order, dropping: Bool) throws {
    var random = SplitMix64(seed: seed)
    let settings = QueueSettings(
      limit: Int.random(in: 1...12, using: &random),
      order: order,
      dropping: dropping ? CoDelSettings(target: .milliseconds(2), interval: .milliseconds(9)) : nil
    )
    var queue = PlaceQueue<Int>()
    var model = NaivePlaceQueue(settings: settings)
    var places: [(element: Int, place: PlaceQueue<Int>.Place)] = []
    var now = Moment.seconds(1)
    for step in 0..<200 {
      now = now.advanced(by: .microseconds(Int64.random(in: 0...3_000, using: &random)))
      let seen: String
      let expected: String
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let request = PlaceQueue<Int>.Request(
          weight: UInt64.random(in: 1...4, using: &random),
          criticality: Criticality.allCases.randomElement(using: &random) ?? .critical,
          key: ["", "a", "b", "c"].randomElement(using: &random) ?? ""
        )
        let admission = queue.join(step, request, at: now, settings)
        seen = text(admission)
        expected = model.join(step, request, at: now)
        switch admission {
        case .joined(let place), .joinedInstead(_, let place): places.append((step, place))
        case .full: break
        }
      case 5:
        guard let leaver = places.randomElement(using: &random) else { continue }
        queue.leave(leaver.place)
        model.remove(leaver.element)
        (seen, expected) = ("", "")
      default:
        let limit = UInt64.random(in: 2...6, using: &random)
        let taken = UInt64.random(in: 0...3, using: &random)
        let limits = [limit, limit, limit, limit]
        seen = text(queue.next(taken: taken, limits: limits, at: now, settings))
        expected = model.next(taken: taken, limit: limit, at: now)
      }
      try mustHold(seen == expected, "seed \(seed), step \(step)")
      try mustHold(queue.count == model.waiting.count, "seed \(seed), step \(step)")
      let isNext = queue.isNext(.critical)
      let nobody = model.waiting.allSatisfy { $0.request.criticality < .critical }
      try mustHold(isNext == nobody, "seed \(seed), step \(step)")
    }
  }

  private func text(_ admission: PlaceQueue<Int>.Admission) -> String {
    switch admission {
    case .joined: "joined"
    case .joinedInstead(let victim, _): "joined instead of \(victim)"
    case .full: "full"
    }
  }

  private func text(_ turn: PlaceQueue<Int>.Turn) -> String {
    switch turn {
    case .granted(let element, _): "granted \(element)"
    case .refused(let element, .tooHeavy): "too heavy \(element)"
    case .refused(let element, _): "dropped \(element)"
    case .none: "none"
    }
  }
}
