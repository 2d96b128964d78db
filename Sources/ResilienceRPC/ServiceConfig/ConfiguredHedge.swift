internal import Resilience

/// The hedging of a service configuration.
///
/// It differs from `Hedge` in what a failure means: one that is not fatal starts the next call at
/// once, any other ends all. The calls are child tasks: when one has won, the others are cancelled,
/// and it is waited until they have noticed.
///
/// A policy further in that refuses a call ends nothing: the calls that are under way go on, and there
/// is no further one.
///
/// A server that asks to wait is waited for if that is 300 s at most and ends before the deadline;
/// else there is no further call.
struct ConfiguredHedge: Sendable {
  /// The longest push-back that is waited for, as for a ``Retry``.
  static let longestPushback = RetrySettings().longestHint

  private enum Event<Value: Sendable>: Sendable {
    case ended(Result<Value, any Error>)
    /// The delay with this number is over.
    case delayOver(Int)
  }

  private let rule: HedgingRule
  private let throttle: RetryThrottle?
  private let timeline: Timeline

  init(_ rule: HedgingRule, _ parts: PlanParts) {
    self.rule = rule
    throttle = parts.throttle
    timeline = parts.timeline
  }

  func run<Value: Sendable>(
    _ operation: @escaping @Sendable (_ attempt: Int) async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Event<Value>.self) { group in
      defer { group.cancelAll() }
      var run = HedgeProgress(most: rule.maxAttempts)
      perform(run.begin(), in: &group, run, operation)
      if rule.hedgingDelay == .zero {
        while mayHedge, run.mayStart { perform(run.start(), in: &group, run, operation) }
      }
      scheduleNext(after: rule.hedgingDelay, in: &group, &run)
      var last: (any Error)?
      while let event = try await group.next() {
        switch event {
        case .delayOver(let number):
          guard number == run.delay else { continue }
          startNext(in: &group, &run, operation)
        case .ended(.success(let value)):
          throttle?.noteSuccess()
          return value
        case .ended(.failure(let error)):
          run.running -= 1
          if last == nil || !(error is any Rejection) { last = error }
          let verdict = judge(error)
          if verdict.counts { throttle?.noteFailure() }
          switch verdict.next {
          case .endAll: throw error
          case .atOnce: startNext(in: &group, &run, operation)
          case .after(let pause): scheduleNext(after: pause, in: &group, &run)
          case .never: run.close()
          }
        }
        if run.running == 0, !run.isWaiting { break }
      }
      throw last ?? CancellationError()
    }
  }

  private var mayHedge: Bool { throttle?.allowsExtraCalls ?? true }

  private enum Next {
    case endAll
    case atOnce
    case after(Duration)
    case never
  }

  private func judge(_ error: any Error) -> (next: Next, counts: Bool) {
    if error is any Rejection, !Task.isCancelled { return (.never, false) }
    guard let failure = ConfiguredFailure(error), !Task.isCancelled else {
      return (.endAll, false)
    }
    let isListed = rule.nonFatalCodes.contains(failure.code)
    let counts = failure.counts(isListed: isListed)
    guard isListed else { return (.endAll, counts) }
    switch failure.advice {
    case .allowed, .notProcessed: return (fits(.zero) ? .atOnce : .never, counts)
    case .allowedAfter(let pause), .notProcessedAfter(let pause):
      return (fits(pause) ? .after(pause) : .never, counts)
    case .forbidden: return (failure.isOfService ? .never : .endAll, counts)
    }
  }

  /// Whether a call after the pause would begin in time.
  private func fits(_ pause: Duration) -> Bool {
    guard pause <= Self.longestPushback else { return false }
    guard let deadline = Deadline.current else { return true }
    return deadline.remaining > pause
  }

  private func startNext<Value: Sendable>(
    in group: inout ThrowingTaskGroup<Event<Value>, any Error>,
    _ run: inout HedgeProgress,
    _ operation: @escaping @Sendable (Int) async throws -> Value
  ) {
    run.isWaiting = false
    guard run.mayStart else { return }
    guard mayHedge else {
      return run.close()
    }
    perform(run.start(), in: &group, run, operation)
    scheduleNext(after: rule.hedgingDelay, in: &group, &run)
  }

  private func scheduleNext<Value: Sendable>(
    after pause: Duration,
    in group: inout ThrowingTaskGroup<Event<Value>, any Error>,
    _ run: inout HedgeProgress
  ) {
    guard run.mayStart else { return }
    run.delay += 1
    run.isWaiting = true
    let (number, timeline) = (run.delay, timeline)
    group.addTask {
      // Who is cancelled is not listened to any more.
      try? await timeline.sleep(for: pause)
      return .delayOver(number)
    }
  }

  private func perform<Value: Sendable>(
    _ attempt: Int,
    in group: inout ThrowingTaskGroup<Event<Value>, any Error>,
    _ run: HedgeProgress,
    _ operation: @escaping @Sendable (Int) async throws -> Value
  ) {
    group.addTask {
      do {
        return .ended(.success(try await operation(attempt)))
      } catch {
        return .ended(.failure(error))
      }
    }
  }
}

/// What is known of a hedged call.
private struct HedgeProgress {
  let most: Int
  var started = 0
  var running = 0
  /// The number of the delay that counts; earlier ones have been replaced.
  var delay = 0
  /// Whether a delay is running after which there may be a further call.
  var isWaiting = false
  /// Whether there is to be no further call.
  var isClosed = false

  init(most: Int) {
    self.most = most
  }

  var mayStart: Bool { !isClosed && started < most }

  mutating func begin() -> Int { start() }

  /// There is to be no further call.
  mutating func close() {
    isClosed = true
    isWaiting = false
  }

  /// - Returns: The number of the call that starts.
  mutating func start() -> Int {
    started += 1
    running += 1
    return started
  }
}
