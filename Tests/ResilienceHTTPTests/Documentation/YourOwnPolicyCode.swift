import Resilience
import ResilienceTesting
import Synchronization
import Testing

// The code of the article on a policy of one's own: compiled, and tested as the article says. It uses
// nothing but what is public.

/// Thrown while the callee is to be left alone.
struct CoolingDown: Rejection, Hashable {
  let policy: String
  let retryAfter: Duration?

  var description: String {
    "“\(policy)” is to be left alone" + (retryAfter.map { ", for \($0)" } ?? "")
  }
}

/// Lets nobody call while the callee has asked to be left alone.
final class Cooldown: Policy {
  /// What it tells of.
  enum Happening: Hashable, Sendable {
    case began(for: Duration)
    case refused(CoolingDown)
  }

  let name: String
  private let longest: Duration
  private let maxWait: Duration
  private let classifier: Classifier
  private let timeline: Timeline
  private let random: RandomSource
  private let tell: @Sendable (Happening) -> Void
  /// Nanoseconds on the timeline until which nobody calls.
  private let end = Atomic<Int64>(.min)

  init(
    _ name: String,
    upTo longest: Duration = .seconds(300),
    maxWait: Duration = .zero,
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    telling tell: @escaping @Sendable (Happening) -> Void = { _ in }
  ) {
    self.name = name
    self.longest = longest
    self.maxWait = maxWait
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.tell = tell
  }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await waitForEnd()
    do {
      return try await operation()
    } catch {
      note(error)
      throw error
    }
  }
}

extension Cooldown {
  /// Waits until calls may be made, if that is soon.
  private func waitForEnd() async throws {
    let patience = min(maxWait, Deadline.current?.remaining ?? maxWait)
    let latest = timeline.now.advanced(by: patience)
    while true {
      let now = timeline.now
      let end = Moment(nanoseconds: end.load(ordering: .relaxed))
      guard now < end else { return }
      guard end <= latest else { throw refuse(for: now.duration(to: end)) }
      // Up to a tenth longer, so that those who wait do not all come back at one moment.
      let turn = end.advanced(by: now.duration(to: end) / 10 * random.unit())
      try await timeline.sleep(until: min(turn, latest))
    }
  }

  private func refuse(for time: Duration) -> CoolingDown {
    let refusal = CoolingDown(policy: name, retryAfter: time)
    tell(.refused(refusal))
    return refusal
  }

  /// Takes note of what the callee asked for, if it was the callee who failed.
  private func note(_ error: any Error) {
    guard classifier.judge(error) == .failure else { return }
    guard let asked = (error as? any CallError)?.retryAdvice.pause, asked > .zero else { return }
    let time = min(asked, longest)
    let new = timeline.now.advanced(by: time).nanoseconds
    guard end.max(new, ordering: .relaxed).oldValue < new else { return }
    tell(.began(for: time))
  }
}

extension Cooldown {
  /// How it appears in `describe()` and to lint.
  var stages: [PolicyStage] {
    [
      PolicyStage(
        .other,
        name: name,
        settings: ["upTo": "\(longest)", "maxWait": "\(maxWait)"],
        waitLimit: maxWait > .zero ? maxWait : nil
      )
    ]
  }

  /// Whether a new one would do the same.
  var isAtRest: Bool { Moment(nanoseconds: end.load(ordering: .relaxed)) <= timeline.now }
}

/// What a callee answers that has too much to do.
private struct Busy: CallError {
  let delay: Duration
  var retryAdvice: RetryAdvice { .allowedAfter(delay) }
}

@Suite("The policy of one's own in the article")
struct YourOwnPolicyTests {
  @Test("A caller that may not wait is refused, is told for how long, and the callee is not asked")
  func refuses() async throws {
    let clock = ManualClock()
    let cooldown = Cooldown("search", timeline: Timeline(clock))
    await #expect(throws: Busy.self) { try await cooldown.run { throw Busy(delay: .seconds(2)) } }
    #expect(!cooldown.isAtRest)
    clock.advance(by: .milliseconds(500))
    await #expect(throws: CoolingDown(policy: "search", retryAfter: .milliseconds(1_500))) {
      try await cooldown.run { Issue.record("the callee was asked") }
    }
    clock.advance(by: .milliseconds(1_500))
    #expect(cooldown.isAtRest)
    #expect(try await cooldown.run { 1 } == 1)
  }

  @Test("What is asked for is bounded, and a shorter wish does not shorten a longer one")
  func bounded() async throws {
    let clock = ManualClock()
    let cooldown = Cooldown("search", upTo: .seconds(10), timeline: Timeline(clock))
    // Both are let through before either has ended.
    try? await cooldown.run {
      try? await cooldown.run { throw Busy(delay: .seconds(60)) }
      throw Busy(delay: .seconds(5))
    }
    let error = await #expect(throws: CoolingDown.self) { try await cooldown.run {} }
    #expect(error?.retryAfter == .seconds(10))
  }

  @Test("Its refusals open no circuit, and a retry waits for their end if it may")
  func withOthers() async throws {
    try await Simulation(seed: 1).run { world in
      let cooldown = Cooldown("search", timeline: world.timeline, random: world.random)
      let breaker = CircuitBreaker(
        "search",
        trip: .consecutiveFailures(2),
        timeline: world.timeline
      )
      var settings = RetrySettings()
      settings.longestRefusal = .seconds(60)
      let pipeline = Pipeline("search") {
        Retry(settings, timeline: world.timeline, random: world.random)
        breaker
        cooldown
      }
      try? await cooldown.run { throw Busy(delay: .seconds(5)) }
      for _ in 1...5 { try? await breaker.run { try await cooldown.run {} } }
      try world.require(breaker.state == .closed, "a refusal says nothing about the callee")
      try await pipeline.run {}
      try world.require(world.now == .seconds(5), "it waited for the end: \(world.now)")
    }
  }

  @Test("Those who may wait go on at the end, not all at one moment")
  func waits() async throws {
    try await Simulation(seed: 1).run { world in
      let cooldown = Cooldown(
        "search",
        maxWait: .seconds(20),
        timeline: world.timeline,
        random: world.random
      )
      try? await cooldown.run { throw Busy(delay: .seconds(10)) }
      let moments = try await withThrowingTaskGroup(of: Duration.self) { group in
        for _ in 1...8 { group.addTask { try await cooldown.run { world.now } } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try world.require(moments.allSatisfy { $0 >= .seconds(10) }, "not before: \(moments)")
      try world.require(moments.allSatisfy { $0 <= .seconds(11) }, "not long after: \(moments)")
      try world.require(Set(moments).count == 8, "each at a moment of its own: \(moments)")
    }
  }

  @Test("A caller that is cancelled leaves at once, and nobody waits beyond the deadline")
  func leaves() async throws {
    try await Simulation(seed: 1).run { world in
      let cooldown = Cooldown(
        "search",
        maxWait: .seconds(60),
        timeline: world.timeline,
        random: world.random
      )
      try? await cooldown.run { throw Busy(delay: .seconds(10)) }

      let waiting = world.spawn("waiting") { try await cooldown.run { true } }
      try await world.sleep(for: .seconds(1))
      waiting.cancel()
      let result = await waiting.result
      try world.require(throws: CancellationError.self, result, "it was cancelled")
      try world.require(world.now == .seconds(1), "it left at once")

      let refused = await world.spawn("late") {
        try await withCallDeadline(in: .seconds(5)) { try await cooldown.run { true } }
      }.result
      try world.require(throws: CoolingDown.self, refused, "it would have waited in vain")
      try world.require(world.now == .seconds(1), "it did not even begin to wait")
    }
  }

  @Test("Neither a cancelled call nor a refusal further in asks for anything")
  func ignores() async throws {
    let clock = ManualClock()
    let cooldown = Cooldown("search", timeline: Timeline(clock))
    let refusal = CircuitOpen(policy: "inner", retryAfter: .seconds(9))
    try? await cooldown.run { throw refusal }
    let task = Task {
      try await cooldown.run {
        while !Task.isCancelled { await Task.yield() }
        throw Busy(delay: .seconds(9))
      }
    }
    task.cancel()
    _ = await task.result
    #expect(cooldown.isAtRest)
  }

  @Test("It tells what happened, once, and describes itself")
  func tells() async throws {
    let clock = ManualClock()
    let (happenings, told) = AsyncStream.makeStream(of: Cooldown.Happening.self)
    let cooldown = Cooldown("search", timeline: Timeline(clock)) { told.yield($0) }
    try? await cooldown.run { throw Busy(delay: .seconds(2)) }
    try? await cooldown.run {}
    told.finish()
    let refusal = CoolingDown(policy: "search", retryAfter: .seconds(2))
    let all = await happenings.reduce(into: []) { $0.append($1) }
    #expect(all == [.began(for: .seconds(2)), .refused(refusal)])
    #expect("\(refusal)" == "“search” is to be left alone, for 2.0 seconds")
    #expect(
      cooldown.describe() == """
        policies: one call becomes at most 1
          1. policy “search”: upTo 300.0 seconds, maxWait 0.0 seconds
          ! noTimeout: nothing bounds how long a call takes
        """
    )
  }
}

extension World {
  /// Requires that a task has ended with an error of a type.
  fileprivate func require<T, E: Error>(
    throws type: E.Type,
    _ result: Result<T, any Error>,
    _ message: String
  ) throws {
    guard case .failure(let error) = result else { return try require(false, message) }
    try require(error is E, "\(message): \(error)")
  }
}
