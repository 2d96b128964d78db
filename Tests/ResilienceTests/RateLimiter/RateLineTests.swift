import ResilienceTesting
import Testing

@testable import Resilience

/// The line as a value, against the naive line, and against the bound that the limit promises.
@Suite("Rate line")
struct RateLineTests {
  private typealias Line = RateLine<Int>

  @Test(
    "Under random arrivals, cancellations and times it agrees with a naive line, and no span sees too much",
    arguments: RateBound.limits
  )
  func agreement(limit: RateLimit) async throws {
    for seed in 0..<(isSoaking ? 1_000 : 40) as Range<UInt64> {
      await Task.yield()
      try live(limit, others: [], seed: seed)
    }
  }

  @Test("It agrees with a naive line when the limit changes again and again")
  func agreementUnderChange() async throws {
    for seed in 0..<(isSoaking ? 3_000 : 100) as Range<UInt64> {
      await Task.yield()
      let first = RateBound.limits[Int(seed) % RateBound.limits.count]
      try live(first, others: RateBound.limits, seed: seed)
    }
  }

  private func live(_ limit: RateLimit, others: [RateLimit], seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var line = Line(limit.machine)
    var naive = NaiveRateLine(limit)
    var places: [(id: Int, place: Line.Place)] = []
    var granted: [Int] = []
    var now: Int64 = 0
    for step in 0..<80 {
      var comment: Comment { "\(limit), seed \(seed), step \(step)" }
      now = time(after: now, line, &random)
      let moment = Moment(nanoseconds: now)
      line.settle(at: moment)
      naive.settle(at: now)
      switch Int.random(in: 0..<8, using: &random) {
      case 0...3:
        let weight = Int.random(in: 1...(Bool.random(using: &random) ? 1 : 6), using: &random)
        let wait: Int64 = [0, 3_000, 30_000, .max / 2].randomElement(using: &random) ?? 0
        let answer = line.join(
          weight,
          step,
          isAwaited: Bool.random(using: &random),
          at: moment,
          until: moment.advanced(byNanoseconds: wait),
          limit: 8
        )
        let expected = naive.join(step, weight, deadline: now + wait, limit: 8)
        switch answer {
        case .admitted: try mustHold(expected == 0, comment)
        case .joined(let place):
          try mustHold(expected ?? 0 > 0, comment)
          places.append((step, place))
        case .refused: try mustHold(expected == nil, comment)
        }
      case 4, 5:
        guard let (id, place) = places.randomElement(using: &random) else { break }
        let wasInLine = naive.pending.contains { $0.id == id }
        naive.leave(id)
        naive.settle(at: now)
        try mustHold(line.leave(place, at: moment) == (wasInLine ? id : nil), comment)
      case 6:
        guard let limit = others.randomElement(using: &random) else { break }
        let gone = naive.apply(limit)
        naive.settle(at: now)
        try mustHold(line.apply(limit, at: moment).map(\.member) == gone, comment)
      default:
        guard let (id, place) = places.randomElement(using: &random) else { break }
        line.await(place, at: moment)
        let turn = naive.pending.firstIndex { $0.id == id }.map { naive.turns()[$0] }
        try mustHold(line.moment(of: place, at: moment)?.nanoseconds == turn, comment)
      }
      granted += line.takeGranted()
      try mustHold(granted == naive.granted, comment)
      try mustHold(line.count == naive.pending.count, comment)
      let available = naive.pending.isEmpty ? naive.machine.available(at: moment) : 0
      try mustHold(line.available(at: moment) == available, comment)
      if let alarm = line.alarm {
        try mustHold(alarm.nanoseconds == naive.turns().first, comment)
        try mustHold(alarm > moment, comment)
      }
    }
    guard others.isEmpty else { return }
    let violation = RateBound(limit: limit).violation(in: naive.admissions)
    try mustHold(violation == nil, "seed \(seed): \(violation ?? "")")
  }

  /// Some time later; often just when the first in the line has its turn, or right before.
  private func time(after now: Int64, _ line: Line, _ random: inout SplitMix64) -> Int64 {
    if let alarm = line.alarm, Bool.random(using: &random) {
      return Bool.random(using: &random) ? alarm.nanoseconds : max(now, alarm.nanoseconds - 1)
    }
    return now + ([0, 1, 500, 2_000, 9_000, 40_000].randomElement(using: &random) ?? 0)
  }

  @Test(
    "10 000 are granted in the order of arrival, without those who left",
    arguments: RateBound.limits
  )
  func order(limit: RateLimit) throws {
    var random = SplitMix64(seed: 1)
    var line = Line(limit.machine)
    var places: [Line.Place?] = []
    for id in 0..<10_000 {
      let joining = line.join(
        1,
        id,
        isAwaited: true,
        at: .origin,
        until: .distantFuture,
        limit: 10_000
      )
      if case .joined(let place) = joining { places.append(place) } else { places.append(nil) }
    }
    var expected: [Int] = []
    var moment = Moment.origin
    for id in places.indices {
      guard let place = places[id] else { continue }
      if Int.random(in: 0..<3, using: &random) == 0, line.leave(place, at: moment) == id {
        continue
      }
      expected.append(id)
      if id % 7 == 0, let alarm = line.alarm {
        moment = alarm
        line.settle(at: alarm)
      }
    }
    line.settle(at: moment.advanced(by: .seconds(1)))
    #expect(line.takeGranted() == expected)
    #expect(line.count == 0 && line.alarm == nil)
  }

  @Test("When one leaves from the middle, those behind move up, those before do not")
  func movingUp() {
    var line = Line(RateLimit.smooth(1, per: .seconds(1)).machine)
    _ = line.admit(1, at: .origin)
    let places = (1...4).compactMap { id -> Line.Place? in
      let joining = line.join(
        1,
        id,
        isAwaited: false,
        at: .origin,
        until: .distantFuture,
        limit: 9
      )
      guard case .joined(let place) = joining else { return nil }
      return place
    }
    func turns() -> [Moment?] { places.map { line.moment(of: $0, at: .origin) } }
    #expect(turns() == [.seconds(1), .seconds(2), .seconds(3), .seconds(4)])
    #expect(line.leave(places[1], at: .origin) == 2)
    #expect(turns() == [.seconds(1), nil, .seconds(2), .seconds(3)])
    #expect(line.leave(places[3], at: .origin) == 4)
    #expect(line.leave(places[3], at: .origin) == nil)
    #expect(turns() == [.seconds(1), nil, .seconds(2), nil])
  }

  @Test("Time that is told backwards invents no permit", arguments: RateBound.limits)
  func backwards(limit: RateLimit) {
    var line = Line(limit.machine)
    let late = Moment.seconds(10)
    while line.admit(1, at: late) {}
    for earlier in [.seconds(9), Moment.origin, .distantPast] {
      let isAdmitted = line.admit(1, at: earlier)
      #expect(!isAdmitted)
      #expect(line.available(at: earlier) == 0)
    }
    #expect(line.available(at: late) == 0)
  }

  @Test(
    "After a pause of any length there is no more than the capacity",
    arguments: RateBound.limits
  )
  func longIdle(limit: RateLimit) {
    for pause: Duration in [.seconds(1), .seconds(86_400 * 365), .seconds(Int64.max)] {
      var line = Line(limit.machine)
      while line.admit(1, at: .origin) {}
      let later = Moment.origin.advanced(by: pause)
      #expect(line.available(at: later) == limit.machine.capacity)
      guard later < .distantFuture else { continue }
      var taken = 0
      while line.admit(1, at: later) { taken += 1 }
      #expect(taken == limit.machine.capacity, "\(limit)")
    }
  }
}
