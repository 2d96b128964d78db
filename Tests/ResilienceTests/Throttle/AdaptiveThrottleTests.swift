import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Adaptive throttle")
struct AdaptiveThrottleTests {
  private let clock = ManualClock()
  private let events = Recorder<String>()

  private func throttle(
    judging classifier: Classifier = .standard,
    seed: UInt64 = 1,
    _ change: (inout ThrottleSettings) -> Void = { _ in }
  ) -> AdaptiveThrottle {
    var settings = ThrottleSettings()
    change(&settings)
    return AdaptiveThrottle(
      "search",
      settings,
      judging: classifier,
      timeline: Timeline(clock),
      random: RandomSource(SplitMix64(seed: seed)),
      observer: ClosureObserver { [events] in events("\($0.kind)") }
    )
  }

  /// Makes calls that fail until one is refused.
  private func fail(_ throttle: AdaptiveThrottle) async -> Throttled? {
    for _ in 0..<1_000 {
      do {
        try await throttle.run { throw Boom() }
      } catch let error as Throttled {
        return error
      } catch {}
    }
    return nil
  }

  @Test("A new throttle refuses nothing, and lets values and errors come out as they are")
  func transparent() async throws {
    let throttle = throttle()
    #expect(try await throttle.run { "pong" } == "pong")
    await #expect(throws: Boom(number: 3)) { try await throttle.run { throw Boom(number: 3) } }
    #expect(throttle.rejectionProbability == 0)
    #expect(throttle.snapshot.all == .init(requests: 2, accepts: 1, rejectionProbability: 0))
    #expect(events.all.isEmpty)
  }

  @Test(
    "Calls to a callee that fails are refused after the minimum of requests, with an event each"
  )
  func refusal() async throws {
    let throttle = throttle()
    for _ in 0..<20 { _ = try? await throttle.run { throw Boom() } }
    #expect(throttle.snapshot.all.requests == 20)
    #expect(abs(throttle.rejectionProbability - 0.95) < 1e-9)
    let error = try #require(await fail(throttle))
    #expect(error.policy == "search" && error.criticality == .critical)
    #expect(error.retryAfter == nil && error.verdict == .ignored)
    #expect(abs(error.probability - 0.95) < 0.01)
    #expect(events.all == ["refused: throttle “search” refuses 95 % of critical calls"])
    #expect(throttle.snapshot.all.accepts == 0)
  }

  @Test("A refused call does not run, and those of the caller's class are judged by that class")
  func classes() async throws {
    let throttle = throttle { $0.minimumRequests = 1 }
    // 70 critical calls that go well, and 30 sheddable and 60 critical ones that do not.
    for _ in 0..<70 { try await throttle.run {} }
    for _ in 0..<30 {
      _ = try? await withCriticality(.sheddable) { try await throttle.run { throw Boom() } }
    }
    for _ in 0..<60 { _ = try? await throttle.run { throw Boom() } }
    let snapshot = throttle.snapshot
    #expect(snapshot[.sheddable].rejectionProbability > 0.6)
    #expect(snapshot[.critical].rejectionProbability == 0)
    var refused = 0
    var ran = 0
    for _ in 0..<100 {
      do {
        try await withCriticality(.sheddable) { try await throttle.run { ran += 1 } }
      } catch is Throttled { refused += 1 }
      try await throttle.run { ran += 1 }
    }
    #expect(refused > 0 && refused + ran == 200)
    #expect(throttle.snapshot.all.requests == 360)
  }

  @Test("Cancelled calls, and refusals further in, count for nothing")
  func ignored() async {
    let throttle = throttle()
    _ = try? await throttle.run { throw CancellationError() }
    _ = try? await throttle.run { throw BulkheadFull(policy: "x", reason: .queueFull) }
    let call = HeldCall()
    let task = Task { try await throttle.run { try await call.runDeaf() } }
    await call.hasBegun()
    task.cancel()
    call.fail()
    await #expect(throws: Boom.self) { try await task.value }
    #expect(throttle.snapshot.all.requests == 0)
  }

  @Test("What the callee took is the classifier's to say, of errors and of values")
  func classifier() async throws {
    let throttle = throttle(
      judging: Classifier { ($0 as? Boom) == Boom(number: 429) ? .failure : .success }
        .values(of: Int.self) { $0 < 500 ? .success : .failure }
    )
    _ = try? await throttle.run { throw Boom(number: 404) }
    _ = try? await throttle.run { throw Boom(number: 429) }
    _ = try await throttle.run { 200 }
    _ = try await throttle.run { 503 }
    #expect(throttle.snapshot.all == .init(requests: 4, accepts: 2, rejectionProbability: 0))
  }

  @Test("A thousand calls in flight at a cold start are all let through")
  func coldStart() async throws {
    let throttle = throttle()
    let calls = (0..<1_000).map { _ in HeldCall() }
    let tasks = calls.map { call in
      Task {
        do {
          return try await throttle.run { try await call.run() }
        } catch is Throttled {
          Issue.record("refused while all that is known is in flight")
          call.succeed(with: 0)
          return try await call.run()
        }
      }
    }
    for call in calls { await call.hasBegun() }
    for call in calls { call.succeed() }
    for task in tasks { _ = try await task.value }
    #expect(
      throttle.snapshot.all == .init(requests: 1_000, accepts: 1_000, rejectionProbability: 0)
    )
  }

  @Test("After a window without calls nothing is refused, and nothing is remembered")
  func forgets() async throws {
    let throttle = throttle()
    #expect(await fail(throttle) != nil)
    #expect(!throttle.isAtRest)
    clock.advance(by: .seconds(120))
    #expect(throttle.isAtRest)
    #expect(throttle.snapshot.all.requests == 0)
    for _ in 0..<19 { _ = try? await throttle.run { throw Boom() } }
    #expect(throttle.isAtRest)
  }

  @Test("While nothing is refused no number is drawn, before trouble and after it")
  func draws() async throws {
    let draws = Counter()
    let throttle = AdaptiveThrottle(
      "search",
      timeline: Timeline(clock),
      random: RandomSource(CountingGenerator(draws: draws))
    )
    for _ in 0..<100 { try await throttle.run {} }
    #expect(draws.value == 0)
    clock.advance(by: .seconds(120))
    #expect(await fail(throttle) != nil)
    let drawn = draws.value
    #expect(drawn > 0)
    clock.advance(by: .seconds(120))
    // The first call finds the window empty, and those after it need not ask.
    for _ in 0..<100 { try await throttle.run {} }
    #expect(draws.value <= drawn + 1)
  }

  @Test("Once reading shows that something is to be refused, the next call is asked")
  func expiryIsNoticed() async throws {
    let throttle = throttle { $0.maxRejection = 0.999 }
    for _ in 0..<3_000 { try await throttle.run {} }
    clock.advance(by: .seconds(60))
    for _ in 0..<2_000 { _ = try? await throttle.run { throw Boom() } }
    #expect(throttle.isAtRest)
    clock.advance(by: .seconds(60))
    #expect(throttle.rejectionProbability == 0.999)
    #expect(await fail(throttle) != nil)
  }

  @Test(
    "Settings are replaced while calls run; wrong ones are refused, and the last good ones stay"
  )
  func apply() async throws {
    let throttle = throttle()
    var settings = ThrottleSettings()
    settings.ratio = 0.5
    #expect(throws: InvalidSetting.self) { try throttle.apply(settings) }
    #expect(throttle.settings == ThrottleSettings())
    try await throttle.run {
      settings.ratio = 1
      settings.minimumRequests = 1
      try throttle.apply(settings)
    }
    #expect(throttle.settings == settings)
    #expect(throttle.snapshot.all.requests == 1)
    // One of two was accepted, which is too little for a ratio of 1 only.
    _ = try? await throttle.run { throw Boom() }
    #expect(throttle.rejectionProbability == 1.0 / 3)
    try throttle.apply(ThrottleSettings())
    #expect(throttle.isAtRest)
  }

  @Test("Its stage shows its settings, and a snapshot what it knows, on one line")
  func shown() async throws {
    let throttle = throttle { $0.window = .seconds(30) }
    #expect(throttle.mostCalls == 1)
    #expect(
      throttle.stages.map(\.description) == [
        "adaptive throttle “search”: ratio 2.0, window 30.0 seconds, buckets 24, "
          + "minimumRequests 20, maxRejection 0.95"
      ]
    )
    try await throttle.run {}
    #expect(
      throttle.snapshot.description
        == "1 of 1 accepted, refusing 0 %; critical 1 of 1 accepted, refusing 0 %"
    )
    #expect(
      Throttled(policy: "x", probability: .infinity, criticality: .sheddablePlus).description
        == "throttle “x” refuses 100 % of sheddable-plus calls"
    )
  }

  @Test("Copies share what they know, and the convenience sets what it says")
  func copies() async throws {
    let throttle = AdaptiveThrottle("x", ratio: 1.5, window: .seconds(10))
    let copy = throttle
    try await copy.run {}
    #expect(throttle.snapshot.all.requests == 1)
    #expect(throttle.settings.ratio == 1.5 && throttle.settings.window == .seconds(10))
    #expect(throttle.settings.maxRejection == ThrottleSettings().maxRejection)
  }

  @Test("The operation runs on the caller's isolation")
  @MainActor
  func isolation() async throws {
    var count = 0
    try await throttle().run {
      MainActor.assertIsolated()
      count += 1
    }
    #expect(count == 1)
  }

  @Test("The observer may call the throttle")
  func reentrant() async throws {
    let reader = Reader()
    var settings = ThrottleSettings()
    settings.minimumRequests = 1
    let throttle = AdaptiveThrottle("x", settings, timeline: Timeline(clock), observer: reader)
    reader.throttle.withLock { $0 = throttle }
    #expect(await fail(throttle) != nil)
    #expect(reader.seen.all.map(\.accepts) == [0])
  }

  @Test("From 64 tasks at once every call is counted exactly once, refused or not")
  func concurrency() async throws {
    let throttle = throttle { $0.ratio = 1.2 }
    let (ended, accepted, refused, ignored) = (Counter(), Counter(), Counter(), Counter())
    await withTaskGroup { group in
      for task in 0..<64 {
        group.addTask {
          let criticality = Criticality.allCases[task % 4]
          await withCriticality(criticality) {
            for call in 0..<200 {
              do {
                try await throttle.run {
                  if call % 7 == 0 { await Task.yield() }
                  switch call % 5 {
                  case 0, 1: accepted.add()
                  case 2:
                    ignored.add()
                    throw CancellationError()
                  default: throw Boom()
                  }
                }
              } catch is Throttled { refused.add() } catch {}
              ended.add()
            }
          }
        }
      }
    }
    #expect(ended.value == 64 * 200)
    let all = throttle.snapshot.all
    #expect(refused.value > 0 && events.count == refused.value)
    #expect(all.requests == ended.value - ignored.value)
    #expect(all.accepts == accepted.value)
    let sums = Criticality.allCases.map { throttle.snapshot[$0] }
    #expect(sums.reduce(0) { $0 + $1.requests } == all.requests)
    #expect(sums.reduce(0) { $0 + $1.accepts } == all.accepts)
  }
}

/// Counts how often it is asked.
private struct CountingGenerator: RandomNumberGenerator, Sendable {
  let draws: Counter
  private var random = SplitMix64(seed: 1)

  init(draws: Counter) {
    self.draws = draws
  }

  mutating func next() -> UInt64 {
    draws.add()
    return random.next()
  }
}

/// Reads the throttle whose event it is told.
private final class Reader: Observer {
  let throttle = Guarded<AdaptiveThrottle?>(nil)
  let seen = Recorder<ThrottleSnapshot.Calls>()

  func observe(_ event: Event) {
    guard let throttle = throttle.withLock({ $0 }) else { return }
    seen(throttle.snapshot.all)
  }
}
