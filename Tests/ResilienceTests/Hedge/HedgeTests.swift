import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Hedge")
struct HedgeTests {
  private let clock = ManualClock()
  private let discarded = Recorder<Int>()

  private func hedge(
    after delay: HedgeDelay = .fixed(.seconds(1)),
    attempts: Int = 2,
    budget: RetryBudget? = nil,
    judging classifier: Classifier = .standard
  ) -> Hedge {
    Hedge(
      after: delay,
      attempts: attempts,
      budget: budget,
      judging: classifier,
      timeline: Timeline(clock),
      onDiscard: { [discarded] in if let value = $0 as? Int { discarded(value) } }
    )
  }

  /// Starts a hedged call of held attempts; they are deaf to cancellation.
  private func start(_ hedge: Hedge, _ calls: [HeldCall]) -> Task<Int, any Error> {
    Task { try await hedge.run { try await calls[$0 - 1].runDeaf() } }
  }

  private func settle(_ hedge: Hedge) async {
    while hedge.running > 0 { await Task.yield() }
  }

  @Test("A call that ends before the delay is made once")
  func once() async throws {
    let calls = [HeldCall(), HeldCall()]
    let hedge = hedge()
    let task = start(hedge, calls)
    await calls[0].hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .milliseconds(999))
    #expect(hedge.running == 1)
    calls[0].succeed(with: 7)
    #expect(try await task.value == 7)
    #expect(clock.sleepers == 0 && hedge.running == 0)
  }

  @Test("Without a delay all attempts begin, also if the first does not suspend")
  func allAtOnce() async throws {
    let begun = Counter()
    try await Simulation(seed: 1).run { world in
      let hedge = Hedge(after: .fixed(.zero), attempts: 3, timeline: world.timeline)
      _ = try await hedge.run { _ in begun.add() }
      while hedge.running > 0 { try await world.sleep(for: .milliseconds(1)) }
    }
    #expect(begun.value == 3)
  }

  @Test("Not started when the first ends exactly at the delay")
  func exactlyAtTheDelay() async throws {
    let calls = [HeldCall(), HeldCall()]
    let hedge = hedge()
    let task = start(hedge, calls)
    await calls[0].hasBegun()
    await clock.sleepers(atLeast: 1)
    calls[0].succeed(with: 7)
    _ = try await task.value
    clock.advance(by: .seconds(1))
    #expect(hedge.running == 0)
  }

  @Test("The winner is returned at once, the loser cancelled and its late value discarded once")
  func winner() async throws {
    let calls = [HeldCall(), HeldCall()]
    let hedge = hedge()
    let task = start(hedge, calls)
    await calls[0].hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    await calls[1].hasBegun()
    calls[1].succeed(with: 2)
    #expect(try await task.value == 2)
    #expect(hedge.running == 1)
    calls[0].succeed(with: 1)
    await settle(hedge)
    while discarded.count == 0 { await Task.yield() }
    #expect(discarded.all == [1])
    #expect(clock.sleepers == 0)
  }

  @Test("A loser that heeds its cancellation ends")
  func loserCancelled() async throws {
    let slow = HeldCall()
    let hedge = hedge(after: .fixed(.zero))
    let value = try await hedge.run { attempt in
      attempt == 1 ? try await slow.run() : 2
    }
    #expect(value == 2)
    await settle(hedge)
    #expect(discarded.all.isEmpty)
  }

  @Test("When all fail the first attempt's error comes out, in whatever order they end")
  func allFail() async throws {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
      let calls = [HeldCall(), HeldCall(), HeldCall()]
      let hedge = hedge(after: .fixed(.zero), attempts: 3)
      let task = start(hedge, calls)
      for call in calls { await call.hasBegun() }
      for index in order { calls[index].fail(with: Boom(number: index + 1)) }
      await #expect(throws: Boom(number: 1)) { try await task.value }
      #expect(hedge.running == 0)
    }
  }

  @Test("When several finish together exactly one wins, and every other value is discarded once")
  func together() async throws {
    for round in 0..<200 {
      let calls = (0..<4).map { _ in HeldCall() }
      let hedge = hedge(after: .fixed(.zero), attempts: 4)
      let before = discarded.count
      let task = start(hedge, calls)
      for call in calls { await call.hasBegun() }
      await withTaskGroup { group in
        for (index, call) in calls.enumerated() {
          group.addTask { call.succeed(with: index) }
        }
      }
      let winner = try await task.value
      while discarded.count < before + 3 { await Task.yield() }
      let others = Set(discarded.all.suffix(3))
      #expect(others.union([winner]) == [0, 1, 2, 3], "round \(round)")
    }
  }

  @Test("On failure the next attempt begins at once, and no delay is waited for")
  func onFailure() async throws {
    let hedge = hedge(after: .onFailure, attempts: 3)
    let value = try await hedge.run { attempt in
      guard attempt == 3 else { throw Boom(number: attempt) }
      return attempt
    }
    #expect(value == 3)
    await #expect(throws: Boom(number: 1)) { try await hedge.run { throw Boom(number: $0) } }
    #expect(clock.sleepers == 0)
  }

  @Test("Without budget no extra attempt is made, and those under way live on")
  func budget() async throws {
    let budget = RetryBudget(ratio: 0, floor: 0, capacity: 1, timeline: Timeline(clock))
    let hedge = hedge(attempts: 3, budget: budget)
    let calls = (0..<3).map { _ in HeldCall() }
    let task = start(hedge, calls)
    await calls[0].hasBegun()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    await calls[1].hasBegun()
    clock.advance(by: .seconds(100))
    #expect(hedge.running == 2)
    calls[1].succeed(with: 2)
    #expect(try await task.value == 2)
    calls[0].fail()

    let drained = self.hedge(after: .onFailure, budget: budget)
    await #expect(throws: Boom(number: 1)) { try await drained.run { throw Boom(number: $0) } }
  }

  @Test("A cancelled caller goes at once, all attempts are cancelled, and none is left")
  func cancelled() async throws {
    let calls = (0..<3).map { _ in HeldCall() }
    let hedge = hedge(after: .fixed(.zero), attempts: 3)
    let task = Task { try await hedge.run { try await calls[$0 - 1].run() } }
    for call in calls { await call.hasBegun() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await settle(hedge)
    #expect(clock.sleepers == 0)
  }

  @Test("A call that cannot bear being carried out twice is made once")
  func notRepeatable() async {
    let hedge = hedge(after: .onFailure, attempts: 5)
    let attempts = Counter()
    await CallTraits.$isRepeatable.withValue(false) {
      await #expect(throws: Boom.self) {
        try await hedge.run { _ in
          attempts.add()
          throw Boom()
        }
      }
    }
    #expect(attempts.value == 1)
  }

  @Test("A call that is not eligible is made once")
  func notEligible() async {
    let hedge = Hedge(after: .onFailure, attempts: 5, when: { false }, timeline: Timeline(clock))
    let attempts = Counter()
    await #expect(throws: Boom.self) {
      try await hedge.run { _ in
        attempts.add()
        throw Boom()
      }
    }
    #expect(attempts.value == 1)
  }

  @Test("A value that is judged a failure is not accepted; the first one comes out if all are")
  func values() async throws {
    let judge = Classifier.standard.values(of: Int.self) { $0 < 3 ? .failure : .success }
    let hedge = hedge(after: .onFailure, attempts: 3, judging: judge)
    #expect(try await hedge.run { $0 } == 3)
    #expect(discarded.all.sorted() == [1, 2])
    #expect(try await hedge.run { -$0 } == -1)
    #expect(discarded.all.suffix(2) == [-2, -3])
  }

  @Test("The delay follows the quantile of the latest latencies, within its bounds")
  func quantile() async throws {
    let hedge = hedge(after: .quantile(0.9, atLeast: .milliseconds(10), upTo: .seconds(1)))
    func note(_ latency: Duration) {
      hedge.noteLatency(since: hedge.timeline.now.advanced(by: .zero - latency))
    }
    #expect(hedge.currentDelay == .seconds(1))
    for milliseconds in 1...16 { note(.milliseconds(milliseconds * 10)) }
    #expect(hedge.currentDelay == .milliseconds(150))
    for _ in 0..<256 { note(.milliseconds(1)) }
    #expect(hedge.currentDelay == .milliseconds(10))
    for _ in 0..<256 { note(.seconds(9)) }
    #expect(hedge.currentDelay == .seconds(1))
  }
}
