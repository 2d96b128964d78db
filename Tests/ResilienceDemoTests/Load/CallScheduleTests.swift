import Testing

@testable import ResilienceDemo

@Suite("Schedule")
struct CallScheduleTests {
  @Test("Equal seeds give equal schedules, others do not")
  func seeds() {
    let schedule = CallSchedule(rate: 60, duration: .seconds(10), seed: 1)
    #expect(schedule == CallSchedule(rate: 60, duration: .seconds(10), seed: 1))
    #expect(schedule != CallSchedule(rate: 60, duration: .seconds(10), seed: 2))
  }

  @Test("Arrivals are in order and within the run, as many as the rate says, whatever the seed")
  func arrivals() {
    for seed in 0..<20 as Range<UInt64> {
      let schedule = CallSchedule(rate: 100, duration: .seconds(4), seed: seed)
      let times = schedule.arrivals.map(\.at)
      #expect(times == times.sorted() && times.allSatisfy { $0 < .seconds(4) }, "seed \(seed)")
      // Six standard deviations of a Poisson count.
      #expect((280...520).contains(times.count), "seed \(seed)")
    }
  }

  @Test("The longest gap is that of a naive search, the ends of the run included")
  func longestGap() {
    for seed in 0..<50 as Range<UInt64> {
      let schedule = CallSchedule(rate: 5, duration: .seconds(3), seed: seed)
      let times = [.zero] + schedule.arrivals.map(\.at) + [.seconds(3)]
      let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
      #expect(schedule.longestGap == gaps.max(), "seed \(seed)")
    }
  }

  @Test("All kinds of calls come, reads most often")
  func kinds() {
    let calls = CallSchedule(rate: 100, duration: .seconds(20), seed: 1).arrivals.map(\.call)
    let reads = calls.count { if case .read = $0 { true } else { false } }
    #expect(Double(reads) > 0.7 * Double(calls.count) && reads < calls.count)
    #expect(calls.contains { if case .readUnknown = $0 { true } else { false } })
    #expect(calls.contains { if case .create = $0 { true } else { false } })
    #expect(calls.contains(.createInvalid))
  }

  @Test(
    "A call is answered by the reply that suits it only",
    arguments: [
      (UserCall.read(id: 1), UserReply.user(User(id: 1, name: "a")), true),
      (.read(id: 1), .user(User(id: 2, name: "a")), false),
      (.read(id: 1), .noSuchUser, false),
      (.readUnknown(id: 1), .noSuchUser, true),
      (.readUnknown(id: 1), .user(User(id: 1, name: "a")), false),
      (.create(name: "a"), .user(User(id: 9, name: "a")), true),
      (.create(name: "a"), .invalid, false),
      (.createInvalid, .invalid, true),
      (.createInvalid, .noSuchUser, false),
    ]
  )
  func replies(call: UserCall, reply: UserReply, isAnswer: Bool) {
    #expect(call.isAnswered(by: reply) == isAnswer)
  }
}
