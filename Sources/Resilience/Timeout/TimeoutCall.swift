/// One call under a timeout in one object: its operation, its result, who ended it, and the alarm at
/// its limit.
///
/// Whoever rings the alarm may hold this object for longer than the call lasts. The operation must not
/// be held for that long, since it does not escape, nor a value that is the caller's: so each is taken
/// out by the one it is for.
///
/// Unchecked, because the compiler cannot know who touches what when: the caller hands the operation
/// to the task that carries it out, and waits until that has ended before it takes the result. The
/// alarm touches neither.
@usableFromInline
final class TimeoutCall<T>: Alarm, @unchecked Sendable {
  /// Taken by the task when it begins.
  @exclusivity(unchecked) @usableFromInline var operation: (() async throws -> T)?
  /// How the operation ended; written by the task, read once that has ended.
  @exclusivity(unchecked) @usableFromInline var result: Result<T, any Error>?
  @usableFromInline let race = TimeoutRace()
  @usableFromInline let slot = AlarmSlot()
  @usableFromInline let wasCancelled = Task.isCancelled
  /// What the alarm cancels; written before the alarm is scheduled.
  ///
  /// The task and the call hold each other until the operation has ended.
  @exclusivity(unchecked) @usableFromInline var task: Task<Void, Never>?

  @inlinable
  init(_ operation: @escaping () async throws -> T) {
    unsafe self.operation = operation
  }

  @inlinable deinit {}

  // MARK: For the task

  /// Begins the task that was made for the operation.
  ///
  /// A task does not inherit that its maker was cancelled before.
  ///
  /// - Returns: The operation, once.
  @inlinable
  func begin() -> (() async throws -> T)? {
    if wasCancelled { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
    defer { unsafe operation = nil }
    return unsafe operation
  }

  @inlinable
  func end(with result: Result<T, any Error>) {
    unsafe self.result = result
    race.decide(.finished)
  }

  // MARK: For the caller

  @inlinable var isRunning: Bool { race.end != .finished }

  @inlinable
  func schedule(on timeline: Timeline, at end: Moment, cancelling task: Task<Void, Never>) {
    unsafe self.task = task
    timeline.schedule(self, at: end)
  }

  @inlinable
  func cancel(_ task: Task<Void, Never>) {
    race.decide(.cancelled)
    task.cancel()
  }

  /// Takes the alarm back once the operation has ended.
  ///
  /// - Returns: How it ended; `nil` if it was the limit that ended it.
  @inlinable
  func end(on timeline: Timeline) -> Result<T, any Error>? {
    let result = takeResult()
    guard race.end != .limit else { return nil }
    timeline.cancel(self)
    return result
  }

  @inlinable
  func takeResult() -> Result<T, any Error>? {
    defer { unsafe result = nil }
    return unsafe result
  }

  // MARK: For the time source

  @inlinable var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }

  @inlinable
  func ring() {
    if race.decide(.limit) { unsafe task?.cancel() }
  }
}
