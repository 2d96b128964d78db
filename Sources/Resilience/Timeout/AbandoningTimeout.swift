private import Synchronization

/// Stops waiting for an operation that takes longer than a limit, even if it ignores cancellation.
///
/// ```swift
/// let timeout = AbandoningTimeout(.seconds(1), atMost: 100)
/// let answer = try await timeout.run { try await legacy.call() }
/// ```
///
/// At the limit, and when the caller is cancelled, the operation is cancelled and *abandoned*: the
/// caller goes on at once, and the operation runs on until it ends by itself, its result unseen.
/// Since it outlives the call it has to be `@Sendable`. How many are abandoned and still running is
/// counted, and above a bound new calls are refused, so that a callee that hangs for ever cannot
/// gather tasks without end. Use ``Timeout`` wherever the operation heeds cancellation.
public final class AbandoningTimeout: Sendable {
  /// The name of the timeout, as it appears in its errors.
  public let name: String

  private let limit: Duration
  private let mostAbandoned: Int
  private let timeline: Timeline
  private let observer: (any Observer)?
  private let abandonedCount = Atomic<Int>(0)

  /// Creates a timeout.
  ///
  /// - Parameters:
  ///   - limit: The time the operation may take. At zero and less it is not called.
  ///   - mostAbandoned: How many abandoned operations may be running. At least 1.
  ///   - name: How the timeout is called in its errors and in events.
  ///   - timeline: The time by which the limit is measured.
  ///   - observer: Told when the limit is reached, and of refusals.
  public init(
    _ limit: Duration,
    atMost mostAbandoned: Int = 100,
    name: String = "timeout",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    precondition(mostAbandoned >= 1, "need most abandoned (\(mostAbandoned)) >= 1")
    self.limit = limit
    self.mostAbandoned = mostAbandoned
    self.name = name
    self.timeline = timeline
    self.observer = observer
  }

  /// How many operations were abandoned and are still running.
  public var abandoned: Int { abandonedCount.load(ordering: .relaxed) }

  /// Runs the operation, and leaves it behind at the limit.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; ``TimedOut`` at the limit; `CancellationError` when the
  ///   caller is cancelled before the operation ends; ``TooManyAbandoned``.
  public func run<T: Sendable>(
    _ operation: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let limit = Deadline.enforceable(limit)
    guard limit > .zero else { throw timedOut(limit) }
    try Task.checkCancellation()
    guard abandoned < mostAbandoned else { throw refuse() }
    let end = timeline.now.advanced(by: limit)
    let race = AbandonRace<T> { [self] in abandonedCount.add(1, ordering: .relaxed) }
    let task = Deadline.$current.withValue(
      Deadline(at: end, on: timeline, isEnforced: true).clamped
    ) {
      Task(executorPreference: inheritedExecutor()) { [self] in
        let result: Result<T, any Error>
        do {
          result = .success(try await operation())
        } catch {
          result = .failure(error)
        }
        // If someone else was first, this operation had been abandoned.
        if !race.end(.finished(result)) { abandonedCount.subtract(1, ordering: .relaxed) }
      }
    }
    timeline.schedule(race, at: end)
    let ending = await withTaskCancellationHandler {
      await race.wait()
    } onCancel: {
      race.end(.cancelled)
    }
    timeline.cancel(race)
    switch ending {
    case .finished(let result):
      return try result.get()
    case .limit:
      task.cancel()
      throw timedOut(limit)
    case .cancelled:
      task.cancel()
      throw CancellationError()
    }
  }

  private func timedOut(_ limit: Duration) -> TimedOut {
    report(.timedOut(limit: limit))
    return TimedOut(policy: name, limit: limit)
  }

  private func refuse() -> TooManyAbandoned {
    let error = TooManyAbandoned(policy: name, limit: mostAbandoned)
    report(.refused(error))
    return error
  }

  private func report(_ kind: Event.Kind) {
    observer?.observe(Event(policy: name, at: timeline.now, kind: kind))
  }
}

/// Thrown by an ``AbandoningTimeout`` that has left as many operations behind as it may.
public struct TooManyAbandoned: Rejection, Hashable {
  /// The name of the timeout.
  public let policy: String

  /// How many abandoned operations may be running.
  public let limit: Int

  /// `nil`: nobody knows when an abandoned operation will end.
  public var retryAfter: Duration? { nil }

  /// Creates the error, to test how code bears it.
  public init(policy: String, limit: Int) {
    self.policy = policy
    self.limit = limit
  }

  /// The refusal on one line.
  public var description: String {
    "“\(policy)” has left \(limit) operations behind that are still running"
  }
}

extension AbandoningTimeout: PolicyLayer {
  /// The timeout itself.
  public var stages: [PolicyStage] {
    [
      PolicyStage(
        .timeout,
        name: name,
        settings: ["limit": "\(limit)", "atMost": "\(mostAbandoned)"],
        timeLimit: limit
      )
    ]
  }
}
