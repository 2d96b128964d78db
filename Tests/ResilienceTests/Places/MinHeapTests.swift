import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Heap")
struct MinHeapTests {
  @Test("It agrees with a sorted array under random commands")
  func model() async throws {
    for seed in 0..<100 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var heap = MinHeap<Int>()
      var sorted: [Int] = []
      for step in 0..<500 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6:
          let element = Int.random(in: 0..<50, using: &random)
          heap.insert(element)
          sorted.append(element)
          sorted.sort()
        case 9:
          let divisor = Int.random(in: 2..<5, using: &random)
          heap = heap.filter { $0 % divisor != 0 }
          sorted.removeAll { $0 % divisor == 0 }
        default:
          let least = sorted.isEmpty ? nil : sorted.removeFirst()
          try #require(heap.popMin() == least, "seed \(seed), step \(step)")
        }
        try #require(heap.min == sorted.first, "seed \(seed), step \(step)")
        try #require(heap.count == sorted.count, "seed \(seed), step \(step)")
      }
    }
  }
}
