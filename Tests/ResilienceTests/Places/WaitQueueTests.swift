import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Wait queue")
struct WaitQueueTests {
  @Test("The order is that of arrival, without those who left")
  func order() {
    var queue = WaitQueue<String>()
    _ = queue.append("a")
    let b = queue.append("b")
    _ = queue.append("c")
    queue.remove(b)
    queue.remove(b)
    #expect(queue.count == 2)
    #expect([queue.popFirst(), queue.popFirst(), queue.popFirst()] == ["a", "c", nil])
    queue.remove(b)
    #expect(queue.isEmpty)
  }

  @Test("It agrees with an array under random commands, and stays small")
  func model() async throws {
    for seed in 0..<100 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var queue = WaitQueue<Int>()
      var array: [(place: UInt64, element: Int)] = []
      var places: [UInt64] = []
      for step in 0..<2_000 {
        switch Int.random(in: 0..<5, using: &random) {
        case 0, 1:
          let place = queue.append(step)
          array.append((place, step))
          places.append(place)
        case 2:
          let first = array.isEmpty ? nil : array.removeFirst().element
          try #require(queue.popFirst() == first, "seed \(seed), step \(step)")
        case 3:
          try #require(queue.popLast() == array.popLast()?.element, "seed \(seed), step \(step)")
        default:
          guard let place = places.randomElement(using: &random) else { continue }
          let stands = array.contains { $0.place == place }
          try #require(queue.remove(place) == stands, "seed \(seed), step \(step)")
          array.removeAll { $0.place == place }
        }
        try #require(queue.count == array.count, "seed \(seed), step \(step)")
        try #require(queue.first == array.first?.element, "seed \(seed), step \(step)")
        try #require(queue.last == array.last?.element, "seed \(seed), step \(step)")
      }
    }
  }
}
