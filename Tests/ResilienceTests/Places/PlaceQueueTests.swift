import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Place queue")
struct PlaceQueueTests {
  typealias Queue = PlaceQueue<Int>

  private var queue = Queue()
  private var settings = QueueSettings(limit: 1_000)

  /// Lets one join.
  private mutating func join(
    _ element: Int,
    weight: UInt64 = 1,
    _ criticality: Criticality = .critical,
    key: String = "",
    at now: Moment = .origin
  ) -> Queue.Admission {
    let request = Queue.Request(weight: weight, criticality: criticality, key: key)
    return queue.join(element, request, at: now, settings)
  }

  /// Those who go, in order, when there are places without end.
  private mutating func drain(at now: Moment = .origin) -> [Int] {
    var order: [Int] = []
    while case .granted(let element, _) = next(at: now) { order.append(element) }
    return order
  }

  private mutating func next(
    taken: UInt64 = 0,
    of limit: UInt64 = 1_000,
    at now: Moment = .origin
  ) -> Queue.Turn {
    let limits = [limit, limit, limit, limit]
    return queue.next(taken: taken, limits: limits, at: now, settings)
  }

  @Test("The more critical go first, and within a class whoever came first")
  mutating func classes() {
    _ = join(1, .sheddable)
    _ = join(2, .critical)
    _ = join(3, .criticalPlus)
    _ = join(4, .critical)
    _ = join(5, .sheddablePlus)
    #expect(drain() == [3, 2, 4, 5, 1])
  }

  @Test("Keys take turns, however many each has waiting")
  mutating func fairness() {
    for element in 0..<100 { _ = join(element, key: "noisy") }
    for element in 100..<103 { _ = join(element, key: "quiet") }
    let order = drain()
    #expect(Array(order.prefix(7)) == [0, 100, 1, 101, 2, 102, 3])
    #expect(order.filter { $0 < 100 } == Array(0..<100))
  }

  @Test("Keys take turns by weight: who asks for more goes less often")
  mutating func fairWeights() {
    for element in 0..<30 { _ = join(element, weight: 3, key: "heavy") }
    for element in 100..<190 { _ = join(element, key: "light") }
    let firstForty = drain().prefix(40)
    #expect((9...11).contains(firstForty.count { $0 < 100 }))
  }

  @Test("A key that always has just one waiting starves nobody, and is not starved")
  mutating func oneAtATime() {
    for element in 0..<100 { _ = join(element, key: "many") }
    var served: [String] = []
    _ = join(-1, key: "one")
    for _ in 0..<60 {
      guard case .granted(let element, _) = next() else { break }
      served.append(element < 0 ? "one" : "many")
      if element < 0 { _ = join(-1, key: "one") }
    }
    #expect(abs(served.count { $0 == "one" } - 30) <= 1)
  }

  @Test("Whoever is next and does not fit is waited for: nobody behind goes before")
  mutating func headOfLine() {
    _ = join(1, weight: 5)
    _ = join(2, weight: 1)
    guard case .none = next(taken: 6, of: 10) else {
      Issue.record("someone went")
      return
    }
    #expect(drain() == [1, 2])
  }

  @Test("Whoever asks for more than there is any more is turned away")
  mutating func tooHeavy() {
    _ = join(1, weight: 5)
    _ = join(2)
    guard case .refused(1, .tooHeavy(weight: 5, limit: 4)) = next(taken: 4, of: 4) else {
      Issue.record("nobody was turned away")
      return
    }
    #expect(drain() == [2])
  }

  @Test("A full queue makes room for who matters more, at the expense of who matters least")
  mutating func displacement() {
    settings.limit = 3
    _ = join(1, .sheddable)
    _ = join(2, .sheddablePlus)
    _ = join(3, .sheddable)
    guard case .joinedInstead(of: 3, _) = join(4, .critical) else {
      Issue.record("nobody gave way, or another")
      return
    }
    guard case .full = join(5, .sheddable) else {
      Issue.record("one who matters as little found room")
      return
    }
    #expect(drain() == [4, 2, 1])
  }

  @Test("A full queue makes room for a key that has less, at the expense of the one that has most")
  mutating func fairDisplacement() {
    settings.limit = 4
    for element in 0..<4 { _ = join(element, key: "noisy") }
    guard case .full = join(4, key: "noisy") else {
      Issue.record("the noisy key found room")
      return
    }
    guard case .joinedInstead(of: 3, _) = join(10, key: "quiet") else {
      Issue.record("the quiet key found none")
      return
    }
    guard case .joinedInstead(of: 2, _) = join(11, key: "quiet") else {
      Issue.record("the quiet key found none")
      return
    }
    // Two of each: nobody has more than its share.
    guard case .full = join(12, key: "quiet") else {
      Issue.record("the quiet key found more than its share")
      return
    }
    #expect(queue.count == 4)
  }

  @Test("Adaptive LIFO serves the oldest first, and the newest once the queue has stood too long")
  mutating func adaptiveLIFO() {
    settings.order = .adaptiveLIFO(after: .seconds(2))
    for element in 0..<4 { _ = join(element, at: .origin) }
    guard case .granted(0, _) = next(at: Moment(.milliseconds(1_999))),
      case .granted(3, _) = next(at: .seconds(2)),
      case .granted(2, _) = next(at: .seconds(3)),
      case .granted(1, _) = next(at: .seconds(3))
    else {
      Issue.record("another order")
      return
    }
    // The queue has been empty, so that the time counts anew.
    for element in 4..<6 { _ = join(element, at: .seconds(10)) }
    #expect(drain(at: .seconds(11)) == [4, 5])
  }

  @Test("In an overload adaptive LIFO makes room for the newest, at the expense of the oldest")
  mutating func adaptiveLIFODisplacement() {
    settings.order = .adaptiveLIFO(after: .seconds(2))
    settings.limit = 2
    _ = join(0, at: .origin)
    _ = join(1, at: .origin)
    guard case .full = join(2, at: .seconds(1)),
      case .joinedInstead(of: 0, _) = join(3, at: .seconds(2))
    else {
      Issue.record("another one gave way")
      return
    }
    #expect(drain(at: .seconds(2)) == [3, 1])
  }

  @Test("A queue for one that is displaced again and again has not been empty")
  mutating func displacementIsNoBreak() {
    settings.order = .adaptiveLIFO(after: .seconds(2))
    settings.limit = 1
    _ = join(0, at: .origin)
    for second in 2..<6 {
      guard case .joinedInstead = join(second, at: .seconds(Int64(second))) else {
        Issue.record("no room at \(second) s")
        return
      }
    }
    #expect(drain(at: .seconds(6)) == [5])
  }

  @Test("Of keys that have as much waiting, the one whose turn comes last gives way")
  mutating func lastTurnGivesWay() {
    settings.limit = 4
    for element in 0..<2 { _ = join(element, weight: 100, key: "heavy") }
    for element in 10..<12 { _ = join(element, weight: 1, key: "light") }
    guard case .joinedInstead(of: 1, _) = join(20, key: "new") else {
      Issue.record("another one gave way")
      return
    }
  }

  @Test("CoDel turns away the oldest of the key whose turn it is, and spares other keys")
  mutating func codel() {
    settings.dropping = CoDelSettings(target: .milliseconds(5), interval: .milliseconds(100))
    var dropped: [Int] = []
    for step in 0..<1_000 as Range<Int64> {
      let now = Moment(.milliseconds(step))
      // The noisy key brings two a millisecond, and one is served: its queue stands.
      _ = join(Int(step), key: "noisy", at: now)
      _ = join(Int(step), key: "noisy", at: now)
      if step % 10 == 0 { _ = join(-1, key: "quiet", at: now) }
      while case .refused(let element, .dropped) = next(at: now) { dropped.append(element) }
    }
    #expect(dropped.count > 5)
    #expect(!dropped.contains(-1))
    #expect(dropped == dropped.sorted())
  }

  @Test("Leaving twice, and leaving after having gone, changes nothing")
  mutating func leaving() {
    guard case .joined(let place) = join(1), case .joined(let other) = join(2) else { return }
    queue.leave(place)
    queue.leave(place)
    #expect(queue.count == 1)
    #expect(drain() == [2])
    queue.leave(other)
    #expect(queue.isEmpty)
  }

  @Test("One who has gone cannot take another's place with it by leaving late")
  mutating func lateLeaving() {
    guard case .joined(let place) = join(1, key: "a") else { return }
    #expect(drain() == [1])
    _ = join(2, key: "a")
    queue.leave(place)
    #expect(drain() == [2])
  }

  @Test("10 000 who wait go in the order of arrival, whoever leaves meanwhile")
  mutating func tenThousand() throws {
    settings.limit = 10_000
    var random = SplitMix64(seed: 7)
    var places: [(element: Int, place: Queue.Place)] = []
    for element in 0..<10_000 {
      guard case .joined(let place) = join(element) else { continue }
      places.append((element, place))
    }
    var expected = Set(0..<10_000)
    var order: [Int] = []
    var served: Set<Int> = []
    while !queue.isEmpty {
      for _ in 0..<Int.random(in: 0..<4, using: &random) where !places.isEmpty {
        let leaver = places.remove(at: Int.random(in: 0..<places.count, using: &random))
        queue.leave(leaver.place)
        if !served.contains(leaver.element) { expected.remove(leaver.element) }
      }
      guard case .granted(let element, _) = next() else { continue }
      order.append(element)
      served.insert(element)
    }
    #expect(order == order.sorted())
    #expect(Set(order) == expected)
  }
}
