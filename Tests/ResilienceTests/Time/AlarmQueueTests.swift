import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Alarm queue")
struct AlarmQueueTests {
  private final class Bell: Alarm {
    private let slot = AlarmSlot()
    var queueIndex: Int? {
      get { slot.index }
      set { slot.index = newValue }
    }
    let number: Int

    init(_ number: Int) {
      self.number = number
    }

    func ring() {}
  }

  @Test("It agrees with a sorted list under random commands")
  func model() async throws {
    for seed in 0..<200 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var queue = AlarmQueue()
      var list: [(moment: Moment, bell: Bell)] = []
      for number in 0..<300 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
          let bell = Bell(number)
          let moment = Moment(nanoseconds: Int64.random(in: 0..<50, using: &random))
          queue.schedule(bell, at: moment)
          let index = list.firstIndex { $0.moment > moment } ?? list.endIndex
          list.insert((moment, bell), at: index)
        case 2:
          guard let entry = list.randomElement(using: &random) else { continue }
          queue.cancel(entry.bell)
          queue.cancel(entry.bell)
          list.removeAll { $0.bell === entry.bell }
        default:
          let now = Moment(nanoseconds: Int64.random(in: 0..<50, using: &random))
          let expected = list.first.flatMap { $0.moment <= now ? $0.bell : nil }
          let taken = queue.takeDue(at: now) as? Bell
          try #require(taken === expected, "seed \(seed), command \(number)")
          if expected != nil { list.removeFirst() }
        }
        try #require(queue.count == list.count, "seed \(seed), command \(number)")
        try #require(queue.earliest == list.first?.moment, "seed \(seed), command \(number)")
      }
    }
  }
}
