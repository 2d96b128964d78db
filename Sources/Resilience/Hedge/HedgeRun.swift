/// One hedged call under way: a ``HedgeMachine``, its tasks and whoever waits for the outcome.
final class HedgeRun<T: Sendable>: Alarm {
  typealias Outcome = Result<T, any Error>

  private struct State {
    var machine: HedgeMachine
    var tasks: [Int: Task<Void, Never>] = [:]
    /// The first attempt's outcome, if it failed while others ran.
    var kept: Outcome?
    var isOver = false
  }

  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let hedge: Hedge
  private let operation: @Sendable (Int) async throws -> T
  private let executor: (any TaskExecutor)?
  private let state: Guarded<State>
  /// The outcome, or `nil` when the caller was cancelled.
  private let parked = Parked<Outcome?>()

  init(
    _ hedge: Hedge,
    attempts: Int,
    executor: (any TaskExecutor)?,
    _ operation: @escaping @Sendable (Int) async throws -> T
  ) {
    self.hedge = hedge
    self.operation = operation
    self.executor = executor
    let machine = HedgeMachine(limit: attempts, startsOnFailure: hedge.delay == .onFailure)
    state = Guarded(State(machine: machine))
  }

  func outcome() async throws -> T {
    launch(1)
    scheduleNext()
    let outcome = await withTaskCancellationHandler {
      await parked.wait()
    } onCancel: {
      act(on: state.withLock { $0.machine.cancelled() })
    }
    hedge.timeline.cancel(self)
    guard let outcome else { throw CancellationError() }
    return try outcome.get()
  }

  /// The delay is over.
  func ring() {
    act(on: state.withLock { $0.machine.delayOver() })
    scheduleNext()
  }

  private func scheduleNext() {
    guard state.withLock({ $0.machine.mayStart }), let delay = hedge.currentDelay else { return }
    // At once, as often as there are attempts; the rules say when to stop.
    guard delay > .zero else { return ring() }
    hedge.timeline.schedule(self, at: hedge.timeline.now.advanced(by: delay))
    // It may have been decided between the two lines above.
    if state.withLock({ $0.isOver }) { hedge.timeline.cancel(self) }
  }

  private func launch(_ attempt: Int) {
    let start = hedge.timeline.now
    hedge.noteStart()
    let task = Task(executorPreference: executor) { [self] in
      let outcome: Outcome
      do {
        outcome = .success(try await operation(attempt))
      } catch {
        outcome = .failure(error)
      }
      hedge.noteEnd()
      end(attempt, outcome, took: start.duration(to: hedge.timeline.now))
    }
    let isOver = state.withLock { state in
      state.tasks[attempt] = task
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  private func end(_ attempt: Int, _ outcome: Outcome, took latency: Duration) {
    let isAccepted = hedge.accepts(outcome)
    if isAccepted { hedge.noteLatency(latency) }
    let (action, next) = state.withLock { state in
      state.tasks[attempt] = nil
      let action = state.machine.ended(attempt, accepted: isAccepted)
      if action == .keep { state.kept = outcome }
      return (action, isAccepted ? .nothing : state.machine.afterFailure())
    }
    act(on: action, seen: (attempt, outcome))
    act(on: next)
  }

  private func act(on action: HedgeMachine.Action, seen: (attempt: Int, outcome: Outcome)? = nil) {
    switch action {
    case .nothing, .keep:
      break
    case .discard:
      if let seen { hedge.discard(seen.outcome) }
    case .start(let attempt):
      if hedge.mayAdd(attempt) {
        launch(attempt)
      } else {
        act(on: state.withLock { $0.machine.denied() })
      }
    case .decide(let attempt):
      let kept = close()
      if let seen, seen.attempt == attempt {
        if let kept { hedge.discard(kept) }
        parked.resume(with: seen.outcome)
      } else {
        if let seen { hedge.discard(seen.outcome) }
        parked.resume(with: kept)
      }
    case .cancelAll:
      if let kept = close() { hedge.discard(kept) }
      parked.resume(with: nil)
    }
  }

  /// Cancels all that runs.
  ///
  /// - Returns: The outcome that was kept.
  private func close() -> Outcome? {
    let (tasks, kept) = state.withLock { state in
      state.isOver = true
      defer { state.kept = nil }
      return (Array(state.tasks.values), state.kept)
    }
    for task in tasks { task.cancel() }
    return kept
  }
}
