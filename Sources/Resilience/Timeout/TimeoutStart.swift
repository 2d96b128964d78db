/// How the child task of a timeout begins.
enum TimeoutStart: Sendable {
  /// At once, on the caller's thread, up to its first suspension.
  case immediate

  /// When the executor comes to it: what older systems can do.
  case enqueued

  /// The better one of those the running system knows.
  static var best: TimeoutStart {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      .immediate
    } else {
      .enqueued
    }
  }

  /// Starts the operation on the given isolation; the race is told when it has ended.
  func task<T>(
    _ operation: Transferred<() async throws -> T>,
    race: TimeoutRace,
    isolation: isolated (any Actor)?
  ) -> Task<Transferred<Result<T, any Error>>, Never> {
    let isCancelled = Task.isCancelled
    let body: @Sendable (isolated (any Actor)?) async -> Transferred<Result<T, any Error>> = { _ in
      // A task does not inherit that its maker was cancelled before.
      if isCancelled { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      let result: Result<T, any Error>
      do {
        result = .success(try await operation.value())
      } catch {
        result = .failure(error)
      }
      race.decide(.finished)
      return Transferred(result)
    }
    if self == .immediate, #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      return Task.immediate(executorPreference: inheritedExecutor()) {
        await body(isolation)
      }
    }
    return Task(executorPreference: inheritedExecutor()) {
      await body(isolation)
    }
  }
}
