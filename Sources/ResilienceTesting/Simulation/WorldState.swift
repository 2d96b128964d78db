import Resilience

/// A simulated world as a value: what is ready, what is scheduled, what time it is.
///
/// Phases: running (the body has not ended) ──▶ draining (what was left behind is brought to an
/// end) ──▶ over. A failure leads from running to draining, too.
struct WorldState {
  enum Phase: Hashable {
    case running
    /// The body has ended, or the world has failed. Ends when nothing happens any more.
    case draining
    case over
  }

  /// What is to be done next.
  enum Step {
    case run(UnownedJob)
    case ring(any Alarm)
    /// Everything else waits: those who waited for that go on.
    case wake([CheckedContinuation<Void, Never>])
    /// Cancel what has been left behind.
    case cancel([Spawned])
    case end
  }

  /// A task that was made by the world, as long as it has not ended.
  struct Spawned {
    let id: Int
    let name: String
    let cancel: @Sendable () -> Void
  }

  private(set) var now = Moment.origin
  private(set) var steps = 0
  private(set) var phase = Phase.running
  private(set) var failure: SimulationError?
  private(set) var chooser: Chooser
  private let limits: SimulationLimits
  private var isCancelled = false
  /// Steps that draining may take after those of the run.
  private var drainLimit = 0

  private var ready: [UnownedJob] = []
  /// Alarms whose moment has come, not yet rung.
  private var due: [any Alarm] = []
  private var alarms = AlarmQueue()
  private var idlers: [CheckedContinuation<Void, Never>] = []
  private var spawned: [Spawned] = []
  private var spawnedCount = 0

  init(chooser: Chooser, limits: SimulationLimits) {
    self.chooser = chooser
    self.limits = limits
  }

  /// How many things are ready.
  var readyCount: Int { ready.count + due.count }

  /// The names of those who have not ended, oldest first.
  var unended: [String] { spawned.map(\.name) }

  // MARK: What happens to the world

  mutating func enqueue(_ job: UnownedJob) {
    // What is not done when the world is over is never done.
    if phase != .over { ready.append(job) }
  }

  mutating func schedule(_ alarm: any Alarm, at moment: Moment) {
    alarms.schedule(alarm, at: moment)
  }

  mutating func cancel(_ alarm: any Alarm) {
    guard alarm.queueIndex == nil else { return alarms.cancel(alarm) }
    due.removeAll { $0 === alarm }
  }

  mutating func waitForIdleness(_ idler: CheckedContinuation<Void, Never>) {
    idlers.append(idler)
  }

  /// A number for a task that is to be spawned.
  mutating func nextSpawned() -> Int {
    spawnedCount += 1
    return spawnedCount
  }

  mutating func add(_ task: Spawned) {
    spawned.append(task)
  }

  mutating func remove(_ id: Int) {
    // Most tasks end soon after they began, so the search is short from the end.
    if let index = spawned.lastIndex(where: { $0.id == id }) { spawned.remove(at: index) }
  }

  /// Cancels every task there is, because the run was cancelled from outside.
  mutating func cancelAll() {
    isCancelled = true
  }

  mutating func fail(_ error: SimulationError) {
    if phase == .running, failure == nil { failure = error }
  }

  // MARK: What the world does next

  mutating func next() -> Step {
    if isCancelled {
      isCancelled = false
      return .cancel(spawned)
    }
    if phase == .running, failure != nil || spawned.first?.id != 1 { return drain() }
    if readyCount == 0, let step = passTime() { return step }
    if steps >= (phase == .running ? limits.steps : drainLimit) {
      guard phase == .running else { return end() }
      fail(.tooManySteps(limits.steps, at: now, running: unended))
      return drain()
    }
    steps += 1
    let index = chooser.choose(of: readyCount)
    guard index >= ready.count else { return .run(ready.remove(at: index)) }
    return .ring(due.remove(at: index - ready.count))
  }

  /// Lets idlers go on, or time pass to the next alarm; a step if there is neither.
  private mutating func passTime() -> Step? {
    if !idlers.isEmpty {
      defer { idlers = [] }
      return .wake(idlers)
    }
    guard let earliest = alarms.earliest, earliest != .distantFuture else {
      guard phase == .running else { return end() }
      fail(.stuck(at: now, waiting: unended))
      return drain()
    }
    guard earliest <= Moment(limits.time) else {
      guard phase == .running else { return end() }
      fail(.tooMuchTime(limits.time, waiting: unended))
      return drain()
    }
    now = max(now, earliest)
    while let alarm = alarms.takeDue(at: now) { due.append(alarm) }
    return nil
  }

  private mutating func drain() -> Step {
    phase = .draining
    drainLimit = steps + min(limits.steps, 1_000_000)
    return .cancel(spawned)
  }

  private mutating func end() -> Step {
    if failure == nil, !spawned.isEmpty { failure = .leftover(unended) }
    phase = .over
    return .end
  }
}
