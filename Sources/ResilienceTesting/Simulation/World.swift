public import Resilience

/// A simulated world, as the code in it sees it: its time, its chance, its tasks, its trace.
///
/// Everything that is to take part must take its time from ``timeline`` or ``clock`` and its chance
/// from ``random``. Tasks, task groups, `async let` and actors follow the world by themselves; an
/// unstructured task does when it is made with ``spawn(_:_:)``.
public final class World: Sendable {
  package let core: WorldCore

  /// The seed of the run.
  public let seed: UInt64

  /// The time of the world; it begins at zero and passes only while all tasks wait.
  public let timeline: Timeline

  /// Where policies get their chance from; it follows from the seed.
  public let random: RandomSource

  init(seed: UInt64, random: SplitMix64, core: WorldCore) {
    self.seed = seed
    self.core = core
    self.random = RandomSource(random)
    timeline = Timeline(source: core)
  }

  /// Time since the world began.
  public var now: Duration { core.now.sinceOrigin }

  /// The world's time as a clock.
  public var clock: WorldClock { WorldClock(timeline: timeline) }

  /// Waits until `duration` has passed in the world; zero and negative ones return at once.
  ///
  /// - Throws: `CancellationError`, promptly, if the task is cancelled before.
  public func sleep(for duration: Duration) async throws {
    try await timeline.sleep(for: duration)
  }

  /// Waits until `time` has passed since the world began; returns at once if it has.
  ///
  /// - Throws: `CancellationError`, promptly, if the task is cancelled before.
  public func sleep(until time: Duration) async throws {
    try await timeline.sleep(until: Moment(time))
  }

  /// Waits until everything else in the world waits, at the present moment.
  ///
  /// What others could do without time passing has then been done.
  public func idle() async {
    await core.idle()
  }

  /// Starts a task in the world.
  ///
  /// A task that still runs when the body has ended is cancelled; the run goes on until it ends.
  ///
  /// - Parameters:
  ///   - name: How the task is called when the world is stuck.
  ///   - operation: What the task does.
  /// - Returns: The task.
  @discardableResult
  public func spawn<T: Sendable>(
    _ name: String,
    _ operation: @escaping @Sendable () async throws -> T
  ) -> Task<T, any Error> {
    core.spawn(name, operation)
  }

  // MARK: The trace

  /// What happened so far, one line per event and note, oldest first: time in seconds, then text.
  ///
  /// Equal seeds give equal traces, byte by byte.
  public var trace: String { core.trace.text }

  /// Writes the events of policies into the trace.
  public var observer: some Observer {
    ClosureObserver { [log = core.trace] event in log.add(.event(event), at: event.at) }
  }

  /// Writes a line of your own into the trace.
  public func note(_ text: String) {
    core.trace.add(.note(text), at: core.now)
  }

  /// Ends the run with ``CheckFailed`` unless `condition` holds.
  ///
  /// To be preferred to `#expect` in a body that is explored: a failure ends the run, so that its
  /// seed is reported, and repeated runs of a failing seed do not report it again.
  ///
  /// - Parameters:
  ///   - condition: What must hold.
  ///   - message: What to say when it does not.
  /// - Throws: ``CheckFailed``.
  public func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard !condition else { return }
    let failure = CheckFailed(message: message(), at: core.now)
    note("check failed: \(failure.message)")
    throw failure
  }
}

/// Thrown when something did not hold in a simulated world.
public struct CheckFailed: Error, Hashable, CustomStringConvertible {
  /// What did not hold.
  public let message: String

  /// When, in the time of the world.
  public let at: Moment

  /// The failure on one line.
  public var description: String { "\(message), at \(at.traceText)" }
}
