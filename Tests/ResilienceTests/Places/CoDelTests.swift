import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Controlled delay")
struct CoDelTests {
  /// A queue of arrivals that is served under controlled delay, as the owner of a `CoDel` does it.
  private struct Queue {
    var arrivals: [Moment] = []
    var codel = CoDel()
    var settings = CoDelSettings()
    var dropped: [Moment] = []

    /// Drops as many as are to be dropped, and takes the next.
    mutating func take(at now: Moment) -> Moment? {
      while let first = arrivals.first {
        let waited = first.duration(to: now)
        let isLast = arrivals.count == 1
        guard codel.shouldDrop(waited: waited, isLast: isLast, at: now, settings) else { break }
        dropped.append(arrivals.removeFirst())
      }
      return arrivals.isEmpty ? nil : arrivals.removeFirst()
    }
  }

  /// The same, written down from the pseudocode of RFC 8289, section 5, with its names.
  private struct Pseudocode {
    var arrivals: [Moment] = []
    let target: Int64
    let interval: Int64
    var firstAboveTime: Int64 = 0
    var dropNext: Int64 = 0
    var count = 0
    var lastCount = 0
    var dropping = false
    var dropped: [Moment] = []

    private func controlLaw(_ t: Int64, _ count: Int) -> Int64 {
      t + Int64((Double(interval) / Double(count).squareRoot()))
    }

    private mutating func doDequeue(_ now: Int64) -> (Moment?, okToDrop: Bool) {
      guard !arrivals.isEmpty else {
        firstAboveTime = 0
        return (nil, false)
      }
      let packet = arrivals.removeFirst()
      let sojourn = now - packet.nanoseconds
      if sojourn < target || arrivals.isEmpty {
        firstAboveTime = 0
      } else if firstAboveTime == 0 {
        firstAboveTime = now + interval
      } else if now >= firstAboveTime {
        return (packet, true)
      }
      return (packet, false)
    }

    mutating func take(at moment: Moment) -> Moment? {
      let now = moment.nanoseconds
      var (packet, ok) = doDequeue(now)
      if dropping {
        if !ok { dropping = false }
        while dropping && now >= dropNext {
          if let packet { dropped.append(packet) }
          count += 1
          (packet, ok) = doDequeue(now)
          if ok { dropNext = controlLaw(dropNext, count) } else { dropping = false }
        }
      } else if ok {
        if let packet { dropped.append(packet) }
        (packet, ok) = doDequeue(now)
        dropping = true
        let delta = count - lastCount
        count = 1
        if delta > 1 && now - dropNext < 16 * interval { count = delta }
        dropNext = controlLaw(now, count)
        lastCount = count
      }
      return packet
    }
  }

  @Test("It drops what the pseudocode of the RFC drops, under random loads")
  func pseudocode() async throws {
    var drops = 0
    for seed in 0..<300 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      var queue = Queue()
      queue.settings = CoDelSettings(target: .milliseconds(5), interval: .milliseconds(100))
      var pseudocode = Pseudocode(target: 5_000_000, interval: 100_000_000)
      var now = Moment.seconds(1)
      var gap = 1.0
      for step in 0..<2_000 {
        // The load swings between half and twice what is served.
        if step % 200 == 0 { gap = Double.random(in: 0.5...2, using: &random) }
        now = now.advanced(by: .microseconds(Int64.random(in: 1...2_000, using: &random)))
        if Double.random(in: 0...1, using: &random) * gap < 0.5 {
          queue.arrivals.append(now)
          pseudocode.arrivals.append(now)
        } else {
          let taken = queue.take(at: now)
          try #require(taken == pseudocode.take(at: now), "seed \(seed), step \(step)")
        }
        try #require(queue.dropped == pseudocode.dropped, "seed \(seed), step \(step)")
      }
      drops += queue.dropped.count
    }
    #expect(drops > 10_000)
  }

  @Test("A burst that is over within an interval loses nobody")
  func burst() {
    var queue = Queue()
    queue.arrivals = (0..<90).map { _ in .seconds(1) }
    for step in 1...90 {
      _ = queue.take(at: .seconds(1).advanced(by: .milliseconds(Int64(step))))
    }
    #expect(queue.dropped.isEmpty)
  }

  @Test("A standing queue loses one after an interval, and then more and more often")
  func standing() {
    var queue = Queue()
    var drops: [Int64] = []
    for step in 0..<1_000 as Range<Int64> {
      let now = Moment.seconds(10).advanced(by: .milliseconds(step))
      // Whoever is next has waited for 50 ms, and there are always others.
      queue.arrivals = (0..<3).map { _ in now.advanced(by: .milliseconds(-50)) }
      let before = queue.dropped.count
      _ = queue.take(at: now)
      if queue.dropped.count > before { drops.append(step) }
    }
    #expect(Array(drops.prefix(5)) == [100, 200, 271, 329, 379])
    #expect(zip(drops, drops.dropFirst()).map { $1 - $0 }.last.map { $0 <= 32 } == true)
  }

  @Test("A wait of just the target stands, one of a nanosecond less does not", arguments: [0, -1])
  func target(nanoseconds: Int64) {
    let settings = CoDelSettings()
    var codel = CoDel()
    let waited = settings.target + .nanoseconds(nanoseconds)
    func asks(at now: Moment) -> Bool {
      codel.shouldDrop(waited: waited, isLast: false, at: now, settings)
    }
    #expect(!asks(at: .origin))
    #expect(asks(at: Moment(settings.interval)) == (nanoseconds == 0))
  }

  @Test("The last one is served, however long it has waited")
  func last() {
    var queue = Queue()
    for step in 0..<100 as Range<Int64> {
      let now = Moment.seconds(100 + step)
      queue.arrivals = [now.advanced(by: .seconds(-60))]
      #expect(queue.take(at: now) != nil)
    }
    #expect(queue.dropped.isEmpty)
  }

  @Test("Huge times do not trap")
  func huge() {
    var codel = CoDel()
    let settings = CoDelSettings(target: .seconds(Int64.max), interval: .seconds(Int64.max))
    for moment in [Moment.distantPast, .origin, .distantFuture] {
      _ = codel.shouldDrop(waited: .seconds(Int64.max), isLast: false, at: moment, settings)
      _ = codel.shouldDrop(waited: .zero, isLast: false, at: moment, settings)
    }
  }
}
