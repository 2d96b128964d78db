/// A circuit breaker as most Swift programs have one: an actor, and everything in it.
///
/// Each call hops onto the actor to be admitted, off it to run, and onto it again to be counted.
actor NaiveBreaker {
  private let threshold: Int
  private let openDuration: Duration
  private var failures = 0
  private var openUntil: ContinuousClock.Instant?

  init(threshold: Int, openFor openDuration: Duration) {
    self.threshold = threshold
    self.openDuration = openDuration
  }

  func run<T: Sendable>(_ operation: @concurrent @Sendable () async throws -> T) async throws -> T {
    if let openUntil {
      guard ContinuousClock.now >= openUntil else { throw NaiveCircuitOpen() }
      self.openUntil = nil
    }
    do {
      let value = try await operation()
      failures = 0
      return value
    } catch {
      failures += 1
      if failures >= threshold { openUntil = .now + openDuration }
      throw error
    }
  }
}

struct NaiveCircuitOpen: Error {}
