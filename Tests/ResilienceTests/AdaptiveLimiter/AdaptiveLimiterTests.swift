import Dispatch
import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Adaptive limiter")
struct AdaptiveLimiterTests {
  private let clock = ManualClock()

  /// A limiter that grows by one per call in flight, and shrinks to nine tenths.
  private func limiter(
    from initial: Int = 2,
    in range: ClosedRange<Int> = 1...10,
    queue: Int = 0,
    observer: (any Observer)? = nil,
    _ change: (inout AdaptiveLimiterSettings) -> Void = { _ in }
  ) -> AdaptiveLimiter {
    var settings = AdaptiveLimiterSettings()
    settings.rule = .aimd(from: initial, in: range, backoff: 0.5, slowAfter: .seconds(5))
    settings.queue = QueueSettings(limit: queue, maxWait: .seconds(60))
    change(&settings)
    return AdaptiveLimiter("search", settings, timeline: Timeline(clock), observer: observer)
  }

  private func hold(
    _ limiter: AdaptiveLimiter
  ) async -> (call: HeldCall, task: Task<Int, any Error>) {
    let call = HeldCall()
    let task = Task { try await limiter.run { try await call.run() } }
    await call.hasBegun()
    return (call, task)
  }

  @Test("A call beyond the limit is refused, and says at which limit")
  func refusal() async throws {
    let limiter = limiter(from: 1)
    let held = await hold(limiter)
    let expected = AdaptiveLimitReached(policy: "search", limit: 1, reason: .queueFull)
    await #expect(throws: expected) { try await limiter.run { Issue.record("must not run") } }
    #expect(
      "\(expected)"
        == "adaptive limiter “search” at 1 is full, and there was no room or time to wait"
    )
    held.call.succeed()
    _ = try await held.task.value
    #expect(try await limiter.run { "pong" } == "pong")
  }

  @Test("Good calls raise the limit, and those who wait get the new places")
  func grows() async throws {
    let limiter = limiter(from: 1, queue: 2)
    let first = await hold(limiter)
    let calls = [HeldCall(), HeldCall()]
    var tasks: [Task<Int, any Error>] = []
    for (index, call) in calls.enumerated() {
      tasks.append(Task { try await limiter.run { try await call.run() } })
      while limiter.queued <= index { await Task.yield() }
    }
    first.call.succeed()
    _ = try await first.task.value
    // One good call at a limit of one makes it two: both who waited run.
    for call in calls { await call.hasBegun() }
    #expect(limiter.limit == 2 && limiter.running == 2 && limiter.queued == 0)
    for call in calls { call.succeed() }
    for task in tasks { _ = try await task.value }
    #expect(limiter.isAtRest)
  }

  @Test("With a lower limit nobody is stopped, and nobody new is let in until fewer run")
  func shrinks() async throws {
    let limiter = limiter(from: 4)
    var held: [(call: HeldCall, task: Task<Int, any Error>)] = []
    for _ in 1...4 { held.append(await hold(limiter)) }
    clock.advance(by: .seconds(1))
    held[0].call.fail(with: TimedOut(policy: "t", limit: .seconds(1)))
    await #expect(throws: TimedOut.self) { try await held[0].task.value }
    #expect(limiter.limit == 2 && limiter.running == 3)
    await #expect(throws: AdaptiveLimitReached.self) { try await limiter.run {} }
    held[1].call.succeed()
    _ = try await held[1].task.value
    await #expect(throws: AdaptiveLimitReached.self) { try await limiter.run {} }
    for held in held[2...] {
      held.call.succeed()
      _ = try await held.task.value
    }
    #expect(limiter.isAtRest)
  }

  /// What a call may throw, and whether it says overload.
  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: any Error
    let isOverload: Bool
  }

  private struct Advised: CallError {
    let retryAdvice: RetryAdvice
  }

  static let endings = [
    Ending(
      testDescription: "a timeout",
      error: TimedOut(policy: "t", limit: .seconds(1)),
      isOverload: true
    ),
    Ending(
      testDescription: "an error that asks to come later",
      error: Advised(retryAdvice: .allowedAfter(.seconds(1))),
      isOverload: true
    ),
    Ending(
      testDescription: "a call that was not processed",
      error: Advised(retryAdvice: .notProcessed),
      isOverload: true
    ),
    Ending(
      testDescription: "an error that may be repeated",
      error: Advised(retryAdvice: .allowed),
      isOverload: false
    ),
    Ending(
      testDescription: "an error that must not be repeated",
      error: Advised(retryAdvice: .forbidden),
      isOverload: false
    ),
    Ending(testDescription: "any other error", error: Boom(), isOverload: false),
    Ending(
      testDescription: "a refusal further in",
      error: BulkheadFull(policy: "b", reason: .queueFull),
      isOverload: false
    ),
    Ending(testDescription: "cancellation", error: CancellationError(), isOverload: false),
  ]

  @Test(
    "Only what says overload lowers the limit; everything gives its place back",
    arguments: endings
  )
  func wayOut(ending: Ending) async throws {
    let limiter = limiter(from: 4)
    do {
      try await limiter.run {
        clock.advance(by: .seconds(1))
        throw ending.error
      }
      Issue.record("the error was swallowed")
    } catch {
      #expect("\(error)" == "\(ending.error)")
    }
    #expect(limiter.limit == (ending.isOverload ? 2 : 4))
    #expect(limiter.isAtRest)
  }

  @Test("Calls that are no samples leave the limit where it is, however many")
  func ignoredSamples() async throws {
    let limiter = limiter(from: 1) { settings in
      settings.classifier = Classifier.standard
        .values(of: Int.self) { $0 < 0 ? .ignored : .failure }
    }
    for _ in 1...100 {
      _ = try await limiter.run { -1 }
      _ = try await limiter.run { 1 }
      try? await limiter.run { throw Boom() }
    }
    #expect(limiter.limit == 1 && limiter.running == 0)
    _ = try await limiter.run { "good" }
    #expect(limiter.limit == 2)
  }

  @Test("An error that is judged a success is a sample")
  func goodErrors() async throws {
    let limiter = limiter(from: 1) { $0.classifier = Classifier { _ in .success } }
    await #expect(throws: Boom.self) { try await limiter.run { throw Boom() } }
    #expect(limiter.limit == 2)
  }

  @Test("Which errors say overload can be set")
  func ownOverload() async throws {
    let limiter = limiter(from: 4) { $0.overload = { $0 is Boom } }
    await #expect(throws: Boom.self) {
      try await limiter.run {
        clock.advance(by: .seconds(1))
        throw Boom()
      }
    }
    #expect(limiter.limit == 2)
  }

  @Test("The wait for a place is not part of the round trip")
  func waitIsNotCounted() async throws {
    let limiter = limiter(from: 1, in: 1...1, queue: 1)
    let recorder = Recorder<Int>()
    let observed = self.limiter(from: 2, in: 1...2, queue: 2)
    let first = await hold(observed)
    let second = await hold(observed)
    let third = HeldCall()
    let task = Task { try await observed.run { try await third.run() } }
    while observed.queued == 0 { await Task.yield() }
    // The one who waits does so for six seconds, one more than a slow call takes.
    clock.advance(by: .seconds(4))
    first.call.succeed()
    _ = try await first.task.value
    await third.hasBegun()
    clock.advance(by: .seconds(2))
    third.succeed()
    _ = try await task.value
    recorder(observed.limit)
    #expect(recorder.all == [2])
    second.call.succeed()
    _ = try await second.task.value
    #expect(observed.limit == 1)
    #expect(limiter.isAtRest)
  }

  @Test("A cancelled waiter leaves the queue, and is no sample")
  func cancelledWaiter() async throws {
    let limiter = limiter(from: 1, queue: 1)
    let held = await hold(limiter)
    let task = Task { try await limiter.run { Issue.record("must not run") } }
    while limiter.queued == 0 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(limiter.queued == 0 && limiter.limit == 1)
    held.call.succeed()
    _ = try await held.task.value
    #expect(limiter.isAtRest)
  }

  @Test("An observer is told of changes of the limit, of waits and of refusals")
  func events() async throws {
    let kinds = Recorder<String>()
    let limiter = limiter(
      from: 1,
      in: 1...2,
      observer: ClosureObserver { kinds("\($0.kind)") }
    )
    for _ in 1...5 { try await limiter.run {} }
    let one = await hold(limiter)
    let two = await hold(limiter)
    try? await limiter.run {}
    one.call.succeed()
    two.call.succeed()
    _ = try await (one.task.value, two.task.value)
    #expect(
      kinds.all == [
        "limit 1 → 2",
        "refused: adaptive limiter “search” at 2 is full, and there was no room or time to wait",
      ]
    )
  }

  @Test("Never more than the highest limit run, whatever ends how at the same time")
  func raceForPlaces() async throws {
    let limiter = limiter(from: 3, in: 1...7, queue: 10_000)
    let inside = Counter()
    await withTaskGroup { group in
      for index in 0..<3_000 {
        group.addTask {
          _ = try? await limiter.run {
            inside.add()
            await Task.yield()
            inside.add(-1)
            if index % 7 == 0 { throw TimedOut(policy: "t", limit: .zero) }
            if index % 11 == 0 { throw Boom() }
          }
        }
      }
    }
    #expect(inside.highest <= 7)
    #expect(limiter.isAtRest)
    // The places agree with the limit after all those changes.
    let limit = limiter.limit
    var held: [(call: HeldCall, task: Task<Int, any Error>)] = []
    for _ in 1...limit { held.append(await hold(limiter)) }
    let waiting = Task { try await limiter.run {} }
    while limiter.queued == 0 { await Task.yield() }
    #expect(limiter.running == limit)
    waiting.cancel()
    _ = await waiting.result
    for held in held { held.call.fail(with: Boom()) }
    for held in held { _ = await held.task.result }
    #expect(limiter.isAtRest && limiter.limit == limit)
  }

  @Test("Of two changes at the same time the places follow the later one")
  func raceOfChanges() {
    let overload = TimedOut(policy: "t", limit: .zero)
    for round in 1...20_000 {
      let core = limiter(from: 1).core
      #expect(core.places.enter() && !core.places.enter())
      core.places.resize(to: 2)
      #expect(core.places.enter())
      let calls = [core.begin(), core.begin()]
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        if index == 0 {
          core.sample(calls[0])
        } else {
          core.settle(calls[1], as: .failure, error: overload)
        }
      }
      guard core.places.settings.limit == core.limit else {
        Issue.record("round \(round): \(core.places.settings.limit), not \(core.limit)")
        return
      }
    }
  }

  @Test("The operation stays on its caller's actor") @MainActor
  func isolation() async throws {
    let limiter = limiter()
    var count = 0
    try await limiter.run {
      MainActor.assertIsolated()
      count += 1
    }
    #expect(count == 1)
  }

  @Test("It shows itself as a stage with its settings")
  func stages() {
    let stage = AdaptiveLimiter("search", .vegas(), queue: 5, maxWait: .seconds(2)).stages.first
    #expect(stage?.kind == .adaptiveLimiter)
    #expect(stage?.waitLimit == .seconds(2))
    #expect(
      stage?.description
        == "adaptive limiter “search”: rule \(LimitRule.vegas()), "
        + "queue \(QueueSettings(limit: 5, maxWait: .seconds(2))), shares all"
    )
    #expect(AdaptiveLimiter("search").stages.first?.waitLimit == nil)
  }

  @Test("Settings out of range are programming errors")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = AdaptiveLimiter("x", .guarded(from: 0)) }
    await #expect(processExitsWith: .failure) { _ = AdaptiveLimiter("x", queue: -1) }
  }
}
