/// One hedged call under way: a ``HedgeMachine``, its tasks and whoever waits for the outcome.
///
/// It knows attempts by their numbers only; what they came to is kept by ``HedgeOutcomes``.
final class HedgeRun: Alarm {
  private struct State {
    var machine: HedgeMachine
    /// The first attempt's task, and those of the others, which are seldom made.
    var first: Task<Void, Never>?
    var others: [Int: Task<Void, Never>] = [:]
    /// Whether the first attempt's outcome is kept: it failed while others ran.
    var keepsFirst = false
    var isOver = false
  }

  private let slot = AlarmSlot()
  private let hedge: Hedge
  private let calls: HedgeCalls
  private let executor = inheritedExecutor()
  private let state: Guarded<State>
  /// The attempt whose outcome comes out, or `nil` when the caller was cancelled.
  private let parked = Parked<Int?>()

  init(_ hedge: Hedge, attempts: Int, _ calls: HedgeCalls) {
    self.hedge = hedge
    self.calls = calls
    let machine = HedgeMachine(limit: attempts, startsOnFailure: hedge.delay == .onFailure)
    state = Guarded(State(machine: machine))
  }

  /// Makes the call.
  ///
  /// - Returns: The attempt whose outcome comes out, or `nil` when the caller was cancelled.
  func winner() async -> Int? {
    let start = hedge.timeline.now
    let delay = hedge.currentDelay
    // Set before the first attempt begins, which may keep this thread for a while.
    if let delay, delay > .zero, state.withLock({ $0.machine.mayStart }) {
      hedge.timeline.schedule(self, at: start.advanced(by: delay))
    }
    if let delay, delay <= .zero {
      // All at once: none may have to wait until the first one suspends.
      launch(1, at: start, atOnce: false)
      ring()
    } else {
      launch(1, at: start, atOnce: true)
    }
    defer { hedge.timeline.cancel(self) }
    // An attempt that did not suspend has ended here: nobody has to wait.
    if let winner = parked.value { return winner }
    return await withTaskCancellationHandler {
      await parked.wait()
    } onCancel: {
      act(on: state.withLock { $0.machine.cancelled() })
    }
  }

  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }

  /// The delay is over.
  func ring() {
    act(on: state.withLock { $0.machine.delayOver() })
    guard state.withLock({ $0.machine.mayStart }), let delay = hedge.currentDelay else { return }
    // At once, as often as there are attempts; the rules say when to stop.
    guard delay > .zero else { return ring() }
    hedge.timeline.schedule(self, at: hedge.timeline.now.advanced(by: delay))
    // It may have been decided between the two lines above.
    if state.withLock({ $0.isOver }) { hedge.timeline.cancel(self) }
  }

  private func launch(_ attempt: Int, at start: Moment, atOnce: Bool = false) {
    hedge.noteStart()
    let task = atOnce ? startAtOnce(at: start) : enqueue(attempt, at: start)
    let isOver = state.withLock { state in
      if attempt == 1 { state.first = task } else { state.others[attempt] = task }
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  /// Starts the first attempt on the caller's thread, where the system can do that and the caller is
  /// not on an actor.
  private func startAtOnce(at start: Moment) -> Task<Void, Never> {
    guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else {
      return enqueue(1, at: start)
    }
    return Task.immediate(executorPreference: executor) { [self] in
      end(1, isAccepted: await calls.attempt(1), since: start)
    }
  }

  private func enqueue(_ attempt: Int, at start: Moment) -> Task<Void, Never> {
    Task(executorPreference: executor) { [self] in
      end(attempt, isAccepted: await calls.attempt(attempt), since: start)
    }
  }

  private func end(_ attempt: Int, isAccepted: Bool, since start: Moment) {
    hedge.noteEnd()
    if isAccepted { hedge.noteLatency(since: start) }
    let (action, next) = state.withLock { state in
      if attempt == 1 { state.first = nil } else { state.others[attempt] = nil }
      let action = state.machine.ended(attempt, accepted: isAccepted)
      if action == .keep { state.keepsFirst = true }
      return (action, isAccepted ? .nothing : state.machine.afterFailure())
    }
    act(on: action, seen: attempt)
    act(on: next)
  }

  private func act(on action: HedgeMachine.Action, seen: Int? = nil) {
    switch action {
    case .nothing, .keep:
      break
    case .discard:
      if let seen { calls.discard(seen) }
    case .start(let attempt):
      if hedge.mayAdd(attempt) {
        launch(attempt, at: hedge.timeline.now)
      } else {
        act(on: state.withLock { $0.machine.denied() })
      }
    case .decide(let attempt):
      let keptFirst = close()
      if let seen, seen != attempt { calls.discard(seen) }
      if keptFirst, attempt != 1 { calls.discard(1) }
      parked.resume(with: attempt)
    case .cancelAll:
      if close() { calls.discard(1) }
      parked.resume(with: nil)
    }
  }

  /// Cancels all that runs.
  ///
  /// - Returns: Whether the first attempt's outcome has been kept.
  private func close() -> Bool {
    let (first, others, keptFirst) = state.withLock { state in
      state.isOver = true
      defer { state.keepsFirst = false }
      return (state.first, state.others, state.keepsFirst)
    }
    first?.cancel()
    for task in others.values { task.cancel() }
    return keptFirst
  }
}
