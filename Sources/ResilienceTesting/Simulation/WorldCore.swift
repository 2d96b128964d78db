private import Foundation
package import Resilience
private import Synchronization

/// The shell of a ``WorldState``: an executor that runs its tasks on one thread, and its time.
///
/// The thread belongs to the world for the length of the run. What reaches the world from any other
/// meanwhile could come at another moment next time, so it ends the run.
package final class WorldCore: TaskExecutor, TimeSource {
  private let state: Guarded<WorldState>
  /// The number of the world's thread; 0 while it has none.
  private let thread = Atomic<UInt>(0)
  let trace: TraceLog
  private let tracesScheduling: Bool

  init(_ state: consuming sending WorldState, trace: TraceLog, tracesScheduling: Bool) {
    self.state = Guarded(state)
    self.trace = trace
    self.tracesScheduling = tracesScheduling
  }

  // MARK: An executor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    changed { $0.enqueue(job) }
  }

  /// Runs the world on a thread of its own, until nothing happens any more.
  ///
  /// Not on one of Dispatch's: a few long runs would take them all from everyone else in the process.
  func drive() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        thread.store(ThreadIdentity.current.number, ordering: .sequentiallyConsistent)
        while perform(state.withLock { $0.next() }) {}
        thread.store(0, ordering: .sequentiallyConsistent)
        continuation.resume()
      }
    }
  }

  private func perform(_ step: WorldState.Step) -> Bool {
    switch step {
    case .run(let job):
      if tracesScheduling { trace.add(.runs("\(job)"), at: now) }
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    case .ring(let alarm):
      if tracesScheduling { trace.add(.rings, at: now) }
      alarm.ring()
    case .wake(let idlers):
      for idler in idlers { idler.resume() }
    case .cancel(let tasks):
      for task in tasks { task.cancel() }
    case .end:
      return false
    }
    return true
  }

  // MARK: A time source

  package var now: Moment { state.withLock { $0.now } }

  package func schedule(_ alarm: any Alarm, at moment: Moment) {
    changed { $0.schedule(alarm, at: moment) }
  }

  package func cancel(_ alarm: any Alarm) {
    changed { $0.cancel(alarm) }
  }

  // MARK: A register of tasks

  var steps: Int { state.withLock { $0.steps } }
  var failure: SimulationError? { state.withLock { $0.failure } }
  var choices: [Choice] { state.withLock { $0.chooser.choices } }

  /// Waits until everything else in the world waits, too, at this moment.
  func idle() async {
    await withCheckedContinuation { continuation in
      changed { $0.waitForIdleness(continuation) }
    }
  }

  /// Makes a task that runs in the world, and remembers it until it ends.
  func spawn<T: Sendable>(
    _ name: String,
    _ operation: @escaping @Sendable () async throws -> T
  ) -> Task<T, any Error> {
    let id = changed { $0.nextSpawned() }
    let task = Task(executorPreference: self) { [self] in
      defer { changed { $0.remove(id) } }
      if tracesScheduling { trace.add(.named(name), at: now) }
      return try await operation()
    }
    changed { $0.add(WorldState.Spawned(id: id, name: name) { task.cancel() }) }
    return task
  }

  /// Ends the run because it was cancelled from outside.
  func cancelAll() {
    state.withLock { $0.cancelAll() }
  }

  private func changed<R: Sendable>(_ change: (inout WorldState) -> R) -> R {
    let owner = thread.load(ordering: .relaxed)
    let isDisturbed = owner != 0 && owner != ThreadIdentity.current.number
    return state.withLock { state in
      if isDisturbed { state.fail(.disturbed(at: state.now, running: state.unended)) }
      return change(&state)
    }
  }
}
