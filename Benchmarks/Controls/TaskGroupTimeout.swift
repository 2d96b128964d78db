/// A timeout as most Swift programs have one: a race with a child task that sleeps.
func withTaskGroupTimeout<T: Sendable>(
  _ limit: Duration,
  _ operation: @escaping @Sendable () async throws -> T
) async throws -> T {
  try await withThrowingTaskGroup(of: T.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw TaskGroupTimedOut()
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw TaskGroupTimedOut() }
    return first
  }
}

struct TaskGroupTimedOut: Error {}
