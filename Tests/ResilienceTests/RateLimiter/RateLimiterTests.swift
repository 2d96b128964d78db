import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Rate limiter")
struct RateLimiterTests {
  private let clock = ManualClock()

  /// By default ten permits a second, one at a time.
  private func limiter(
    _ limit: RateLimit = .smooth(10, per: .seconds(1)),
    maxWait: Duration = .seconds(3_600),
    maxWaiting: Int = 10_000,
    observer: (any Observer)? = nil
  ) -> RateLimiter {
    RateLimiter(
      "search",
      limit,
      maxWait: maxWait,
      maxWaiting: maxWaiting,
      timeline: Timeline(clock),
      observer: observer
    )
  }

  /// Starts a call that has to wait, and waits until it does.
  private func wait(
    _ limiter: RateLimiter,
    weight: Int = 1,
    _ body: @escaping @Sendable () -> Void = {}
  ) async -> Task<Void, any Error> {
    let before = limiter.waiting
    let task = Task { try await limiter.run(weight: weight) { body() } }
    while limiter.waiting == before { await Task.yield() }
    await clock.sleepers(atLeast: 1)
    return task
  }

  private func refusal(
    _ reason: RateLimited.Reason = .noPermit,
    retryAfter: Duration?
  ) -> RateLimited {
    RateLimited(policy: "search", reason: reason, retryAfter: retryAfter)
  }

  // MARK: Refusal

  @Test("A permit that is there is given at once; without one, the call is refused")
  func refusal() async throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 2), maxWait: .zero)
    #expect(try await limiter.run { "pong" } == "pong")
    #expect(try await limiter.run(weight: 1) { "pong" } == "pong")
    await #expect(throws: refusal(retryAfter: .milliseconds(100))) {
      try await limiter.run { Issue.record("the operation must not run") }
    }
  }

  @Test(
    "A refusal's retryAfter is exact: a nanosecond before it is refused again, at it admitted",
    arguments: [
      .tokenBucket(10, per: .seconds(1), burst: 3), .smooth(7, per: .seconds(1)),
      .smooth(7, per: .seconds(1), warmUp: .seconds(5)), .fixedWindow(3, per: .seconds(1)),
      .slidingWindow(3, per: .seconds(1)),
    ] as [RateLimit]
  )
  func retryAfterIsExact(limit: RateLimit) throws {
    let limiter = limiter(limit)
    clock.advance(by: .milliseconds(300))
    for weight in [1, 2, 3, 1, 1, 3] where weight <= limit.machine.capacity {
      while (try? limiter.acquire()) != nil { clock.advance(by: .milliseconds(20)) }
      let error = #expect(throws: RateLimited.self) { try limiter.acquire(weight: weight) }
      let wait = try #require(error?.retryAfter)
      clock.advance(by: wait - .nanoseconds(1))
      #expect(throws: refusal(retryAfter: .nanoseconds(1))) { try limiter.acquire(weight: weight) }
      clock.advance(by: .nanoseconds(1))
      try limiter.acquire(weight: weight)
    }
  }

  @Test(
    "A weight above the capacity fails at once, however long it may wait and even if nobody does"
  )
  func tooHeavy() async throws {
    let limiter = limiter(.tokenBucket(100, per: .seconds(1), burst: 20), maxWait: .seconds(9_999))
    let error = refusal(.tooHeavy(weight: 21, limit: 20), retryAfter: nil)
    await #expect(throws: error) { try await limiter.run(weight: 21) {} }
    #expect(throws: error) { try limiter.acquire(weight: 21) }
    #expect(throws: error) { _ = try limiter.reserve(weight: 21, within: .seconds(9_999)) }
    #expect(limiter.available == 20)
    try await limiter.run(weight: 20) {}
  }

  @Test("One whose turn would come too late is refused at once: it does not wait in vain")
  func beyondMaxWait() async throws {
    let limiter = limiter(maxWait: .milliseconds(200))
    try limiter.acquire()
    let first = await wait(limiter)
    let second = await wait(limiter)
    await #expect(throws: refusal(retryAfter: .milliseconds(300))) { try await limiter.run {} }
    clock.advance(by: .milliseconds(200))
    try await first.value
    try await second.value
  }

  @Test("A zero or negative wait refuses at once; a huge one waits for as long as it takes")
  func extremeWaits() async throws {
    for maxWait: Duration in [.zero, .seconds(-1), .seconds(Int64.min)] {
      let limiter = limiter(maxWait: maxWait)
      try await limiter.run {}
      await #expect(throws: RateLimited.self) { try await limiter.run {} }
    }
    let limiter = limiter(.smooth(1, per: .seconds(86_400)), maxWait: .seconds(Int64.max))
    try await limiter.run {}
    let task = await wait(limiter)
    clock.advance(by: .seconds(86_400))
    try await task.value
  }

  @Test("The deadline of the call bounds the wait")
  func deadline() async throws {
    let limiter = limiter()
    try limiter.acquire()
    await withCallDeadline(in: .milliseconds(99), on: Timeline(clock)) {
      await #expect(throws: refusal(retryAfter: .milliseconds(100))) { try await limiter.run {} }
      #expect(throws: refusal(retryAfter: .milliseconds(100))) {
        _ = try limiter.reserve(within: .seconds(1))
      }
    }
    try await withCallDeadline(in: .milliseconds(100), on: Timeline(clock)) {
      let task = await wait(limiter)
      clock.advance(by: .milliseconds(100))
      try await task.value
    }
  }

  @Test("A bounded number waits; those beyond are refused at once, and told when to come again")
  func lineFull() async throws {
    let limiter = limiter(maxWaiting: 2)
    try limiter.acquire()
    let tasks = [await wait(limiter), await wait(limiter)]
    await #expect(throws: refusal(.lineFull, retryAfter: .milliseconds(300))) {
      try await limiter.run {}
    }
    tasks[0].cancel()
    let third = await wait(limiter)
    clock.advance(by: .milliseconds(200))
    try await tasks[1].value
    try await third.value
  }

  // MARK: The line

  @Test(
    "A newcomer never overtakes one who waits, not even a lighter one for which there is enough"
  )
  func noOvertaking() async throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 5))
    try limiter.acquire(weight: 3)
    let heavy = await wait(limiter, weight: 4)
    #expect(throws: refusal(retryAfter: .milliseconds(300))) { try limiter.acquire() }
    #expect(limiter.available == 0)
    let light = await wait(limiter)
    clock.advance(by: .milliseconds(200))
    try await heavy.value
    #expect(limiter.waiting == 1)
    clock.advance(by: .milliseconds(100))
    try await light.value
  }

  @Test("A cancelled waiter leaves the line at once, and those behind it move up")
  func cancelledWaiter() async throws {
    let limiter = limiter()
    try limiter.acquire()
    let first = await wait(limiter)
    let second = await wait(limiter)
    first.cancel()
    #expect(limiter.waiting == 1)
    await #expect(throws: CancellationError.self) { try await first.value }
    clock.advance(by: .milliseconds(100))
    try await second.value
    #expect(limiter.isAtRest == false)
    #expect(clock.sleepers == 0)
  }

  @Test("A light one behind a heavy one that is cancelled is granted at that instant")
  func movingUpToNow() async throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 5))
    try limiter.acquire(weight: 3)
    let heavy = await wait(limiter, weight: 5)
    let light = await wait(limiter, weight: 2)
    heavy.cancel()
    try await light.value
    #expect(limiter.available == 0 && limiter.waiting == 0)
    _ = await heavy.result
  }

  @Test(
    "A call whose turn comes after the timeout around it is refused at once, and takes no permit"
  )
  func timedOutBefore() async throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 5))
    try limiter.acquire(weight: 5)
    let timeout = Timeout(.milliseconds(499), timeline: Timeline(clock))
    await #expect(throws: refusal(retryAfter: .milliseconds(500))) {
      try await timeout.run { try await limiter.run(weight: 5) {} }
    }
    clock.advance(by: .milliseconds(400))
    #expect(limiter.available == 4 && limiter.waiting == 0)
  }

  @Test("A waiter whose timeout and turn come at the same moment has its turn, or takes nothing")
  func timedOutAtTurn() async throws {
    for _ in 0..<50 {
      let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 5))
      try limiter.acquire(weight: 5)
      let timeout = Timeout(.milliseconds(500), timeline: Timeline(clock))
      let task = Task { try await timeout.run { try await limiter.run(weight: 5) { true } } }
      await clock.sleepers(atLeast: 2)
      clock.advance(by: .milliseconds(500))
      _ = await task.result
      // A cancellation that comes at the turn comes too late: the permits are spent.
      #expect(limiter.available == 0 && limiter.waiting == 0 && clock.sleepers == 0)
    }
  }

  @Test("A call that was cancelled before takes no permit that it would have to wait for")
  func cancelledBefore() async throws {
    let limiter = limiter()
    try limiter.acquire()
    let call = HeldCall()
    let task = Task {
      _ = try? await call.run()
      try await limiter.run {}
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(limiter.waiting == 0)
  }

  @Test("However many wait, there is one alarm; when nobody waits, there is none")
  func oneAlarm() async throws {
    let limiter = limiter()
    #expect(clock.sleepers == 0)
    try limiter.acquire()
    var tasks: [Task<Void, any Error>] = []
    for _ in 0..<100 { tasks.append(await wait(limiter)) }
    #expect(clock.sleepers == 1)
    for task in tasks.shuffled().prefix(50) { task.cancel() }
    #expect(clock.sleepers == 1)
    #expect(limiter.waiting == 50)
    clock.advance(by: .seconds(4))
    #expect(clock.sleepers == 1)
    clock.advance(by: .seconds(1))
    #expect(clock.sleepers == 0)
    for task in tasks { _ = await task.result }
  }

  @Test("Grants through tasks follow the order of arrival, one interval apart")
  func orderThroughTasks() async throws {
    let limiter = limiter(.smooth(1_000, per: .seconds(1)))
    try limiter.acquire()
    let order = Recorder<Int>()
    var random = SplitMix64(seed: 1)
    var expected: [Int] = []
    var tasks: [Task<Void, any Error>] = []
    for id in 0..<(isSoaking ? 10_000 : 1_000) {
      tasks.append(await wait(limiter) { order(id) })
    }
    for (id, task) in tasks.enumerated() {
      if Int.random(in: 0..<4, using: &random) == 0 { task.cancel() } else { expected.append(id) }
    }
    for count in expected.indices {
      #expect(order.count == count)
      clock.advance(by: .milliseconds(1))
      while order.count == count { await Task.yield() }
    }
    #expect(order.all == expected)
    #expect(limiter.waiting == 0 && clock.sleepers == 0)
  }

  @Test("The operation stays on its caller's actor, also after waiting") @MainActor
  func isolation() async throws {
    let limiter = limiter()
    try limiter.acquire()
    var count = 0
    let task = Task { @MainActor in
      try await limiter.run {
        MainActor.assertIsolated()
        count += 1
      }
    }
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .milliseconds(100))
    try await task.value
    #expect(count == 1)
  }

  // MARK: The quota

  @Test("Of 64 tasks at once never more get a permit than the burst and what came since")
  func concurrency() async throws {
    let limiter = limiter(.tokenBucket(1_000, per: .seconds(1), burst: 100), maxWait: .zero)
    let admitted = Counter()
    for round in 0..<10 {
      await withDiscardingTaskGroup { group in
        for _ in 0..<64 {
          group.addTask {
            for _ in 0..<20 where (try? await limiter.run {}) != nil { admitted.add() }
          }
        }
      }
      #expect(admitted.value == 100 + 50 * round)
      clock.advance(by: .milliseconds(50))
    }
  }

  @Test("64 tasks that may wait are all served while time passes, none too early")
  func concurrencyWithWaiting() async throws {
    let limiter = limiter(.tokenBucket(1_000, per: .seconds(1), burst: 10))
    let served = Counter()
    let (clock, tasks) = (clock, 64)
    await withDiscardingTaskGroup { group in
      for index in 0..<tasks {
        group.addTask {
          for call in 0..<10 {
            let task = Task {
              try await limiter.run { served.add() }
            }
            if (index + call) % 5 == 0 { task.cancel() }
            if case .failure = await task.result { served.add() }
          }
        }
      }
      while served.value < tasks * 10 {
        clock.advance(by: .milliseconds(1))
        await Task.yield()
      }
    }
    #expect(served.value == tasks * 10)
    #expect(limiter.waiting == 0 && clock.sleepers == 0)
    clock.advance(by: .seconds(1))
    #expect(limiter.available == 10 && limiter.isAtRest)
  }

  @Test(
    "It is at rest when nobody is in the line and the full quota can be had",
    arguments: RateBound.limits
  )
  func atRest(limit: RateLimit) throws {
    let limiter = limiter(limit)
    #expect(limiter.isAtRest)
    try limiter.acquire()
    #expect(!limiter.isAtRest)
    let reservation = try limiter.reserve(
      weight: limit.machine.capacity,
      within: .seconds(1)
    )
    clock.advance(by: .nanoseconds(1))
    #expect(!limiter.isAtRest)
    reservation.cancel()
    clock.advance(by: .seconds(1))
    #expect(limiter.isAtRest)
  }

  @Test("By the system's time, too, each one waits for its turn, and none comes early")
  func systemTime() async throws {
    let limiter = RateLimiter("search", .smooth(1_000, per: .seconds(1)), maxWait: .seconds(60))
    let start = Timeline.system.now
    for _ in 0..<20 { try await limiter.run {} }
    #expect(start.duration(to: Timeline.system.now) >= .milliseconds(19))
  }

  // MARK: Another limit

  @Test("A limit that makes no sense is refused, and the old one stays in force")
  func invalidLimit() throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1)))
    try limiter.acquire(weight: 4)
    #expect(throws: InvalidSetting.self) { try limiter.apply(.smooth(0, per: .seconds(1))) }
    #expect(limiter.limit == .tokenBucket(10, per: .seconds(1)))
    #expect(limiter.available == 6)
  }

  @Test(
    "Another limit gives no burst away, and never more than its own",
    arguments: RateBound.limits
  )
  func noFreeBurst(limit: RateLimit) throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1)))
    try limiter.acquire(weight: 10)
    try limiter.apply(limit)
    #expect(limiter.limit == limit)
    #expect(limiter.available == 0)
    clock.advance(by: .seconds(1))
    #expect(limiter.available == limit.machine.capacity)
    try limiter.apply(.tokenBucket(1_000, per: .seconds(1)))
    #expect(limiter.available == limit.machine.capacity)
  }

  @Test("A sliding window keeps its log under another size")
  func slidingLog() throws {
    let limiter = limiter(.slidingWindow(10, per: .seconds(10)))
    try limiter.acquire(weight: 6)
    clock.advance(by: .seconds(4))
    try limiter.acquire(weight: 4)
    try limiter.apply(.slidingWindow(12, per: .seconds(10)))
    #expect(limiter.available == 2)
    try limiter.apply(.slidingWindow(3, per: .seconds(10)))
    #expect(throws: refusal(retryAfter: .seconds(10))) { try limiter.acquire() }
    clock.advance(by: .seconds(6))
    #expect(limiter.available == 0)
    clock.advance(by: .seconds(4))
    #expect(limiter.available == 3)
  }

  @Test("Applying the limit in force again and again takes nothing away")
  func sameLimit() throws {
    let limiter = limiter(.smooth(1, per: .seconds(1)))
    try limiter.acquire()
    for _ in 0..<10 {
      clock.advance(by: .milliseconds(100))
      try limiter.apply(.smooth(1, per: .seconds(1)))
    }
    try limiter.acquire()
  }

  @Test("The line keeps its order under another limit, and its times follow")
  func orderUnderChange() async throws {
    let limiter = limiter(.smooth(1, per: .seconds(1)))
    try limiter.acquire()
    let order = Recorder<Int>()
    var tasks: [Task<Void, any Error>] = []
    for id in 0..<4 { tasks.append(await wait(limiter) { order(id) }) }
    try limiter.apply(.smooth(10, per: .seconds(1)))
    for (id, task) in tasks.enumerated() {
      #expect(order.count == id)
      clock.advance(by: .milliseconds(100))
      try await task.value
    }
    #expect(order.all == [0, 1, 2, 3])
  }

  @Test(
    "Those whom a stricter limit would keep for too long are refused at once, and take no permit"
  )
  func stricterLimit() async throws {
    let limiter = limiter(.tokenBucket(10, per: .seconds(1), burst: 4), maxWait: .seconds(1))
    try limiter.acquire(weight: 4)
    let heavy = await wait(limiter, weight: 4)
    let late = await wait(limiter, weight: 3)
    let light = await wait(limiter, weight: 1)
    try limiter.apply(.tokenBucket(2, per: .seconds(1), burst: 3))
    await #expect(throws: refusal(.tooHeavy(weight: 4, limit: 3), retryAfter: nil)) {
      try await heavy.value
    }
    await #expect(throws: refusal(retryAfter: .milliseconds(1_500))) { try await late.value }
    #expect(limiter.waiting == 1)
    clock.advance(by: .milliseconds(500))
    try await light.value
    #expect(limiter.available == 0)
  }

  // MARK: What it tells

  @Test("It tells who waits and who is refused, and nothing of those let through")
  func events() async throws {
    let recorder = Recorder<String>()
    let limiter = limiter(
      maxWait: .milliseconds(100),
      observer: ClosureObserver { recorder("\($0.policy): \($0.kind)") }
    )
    try await limiter.run {}
    let task = await wait(limiter)
    await #expect(throws: RateLimited.self) { try await limiter.run {} }
    clock.advance(by: .milliseconds(100))
    try await task.value
    #expect(
      recorder.all == [
        "search: waits for a place",
        "search: refused: rate limiter “search” has no permit; try again in 0.2 seconds",
      ]
    )
  }

  @Test("Its stage shows the limit in force and how long a call may wait")
  func stages() throws {
    let limiter = limiter(maxWait: .seconds(1), maxWaiting: 5)
    try limiter.apply(.fixedWindow(5, per: .seconds(60)))
    #expect(
      limiter.stages.map(\.description) == [
        "rate limiter “search”: limit fixed window of 5 per 60.0 seconds, maxWait 1.0 seconds, "
          + "maxWaiting 5"
      ]
    )
    #expect(limiter.stages[0].waitLimit == .seconds(1))
    #expect(self.limiter(maxWait: .zero).stages[0].waitLimit == nil)
  }

  @Test("A refusal says on one line why, and when to come again")
  func descriptions() {
    #expect(
      [
        refusal(retryAfter: .seconds(1)), refusal(.lineFull, retryAfter: .seconds(2)),
        refusal(.tooHeavy(weight: 9, limit: 5), retryAfter: nil),
      ].map(\.description) == [
        "rate limiter “search” has no permit; try again in 1.0 seconds",
        "the line of rate limiter “search” is full; try again in 2.0 seconds",
        "weight 9 is too heavy for rate limiter “search”, which gives at most 5",
      ]
    )
  }

  @Test("Every documented default is the code's")
  func defaults() throws {
    let settings = RateLimiter("x", .tokenBucket(7, per: .seconds(1))).stages[0].settings
    var defaults = Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
    defaults["limit"] = nil
    guard
      case .smooth(let warmUp, let coldFactor) = RateLimit.smooth(1, per: .seconds(1)).kind,
      case .tokenBucket(burst: 7) = RateLimit.tokenBucket(7, per: .seconds(1)).kind
    else {
      Issue.record("other defaults")
      return
    }
    defaults["burst"] = "as many as `permits`".replacing("`", with: "")
    defaults["warmUp"] = "\(warmUp)"
    defaults["coldFactor"] = "\(coldFactor)"
    #expect(try documentedDefaults("RateLimiterArticle") == defaults)
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = RateLimiter("x", .smooth(0, per: .seconds(1)))
    }
    await #expect(processExitsWith: .failure) {
      _ = RateLimiter("x", .smooth(1, per: .seconds(1)), maxWaiting: -1)
    }
    await #expect(processExitsWith: .failure) {
      try RateLimiter("x", .smooth(1, per: .seconds(1))).acquire(weight: 0)
    }
  }
}
