import Resilience
import ResilienceTesting

/// A breaker under an outage: several clients, a callee that is down for a while, jitter.
enum OutageWorld {
  struct Down: Error, CustomStringConvertible {
    var description: String { "down" }
  }

  /// Lets its policies tell what they do.
  static func run(in world: World) async throws {
    try await run(in: world, observer: world.observer)
  }

  /// Three clients call for a minute, and note how each call ended.
  static func run(in world: World, observer: (any Observer)?) async throws {
    var settings = BreakerSettings()
    settings.trip = .consecutiveFailures(3)
    settings.open = .growing(from: .seconds(5), upTo: .seconds(20), jitter: 0.2)
    let breaker = CircuitBreaker(
      "payments",
      settings,
      timeline: world.timeline,
      random: world.random,
      observer: observer
    )
    let pipeline = Pipeline("payments") {
      Retry(
        attempts: 3,
        backoff: .exponential(from: .milliseconds(100), upTo: .seconds(1)),
        timeline: world.timeline,
        random: world.random,
        observer: observer
      )
      breaker
      Timeout(.milliseconds(500), timeline: world.timeline, observer: observer)
    }
    let successes = Counter()
    try await withThrowingDiscardingTaskGroup { group in
      for client in 1...3 {
        group.addTask {
          while world.now < .seconds(60) {
            do {
              try await pipeline.run { try await call(in: world) }
              successes.increment()
              world.note("client \(client): well")
            } catch is Down {
              world.note("client \(client): down")
            } catch is CircuitOpen {
              world.note("client \(client): refused")
            }
            try await world.sleep(for: .seconds(1) * world.random.unit())
          }
        }
      }
    }
    try world.require(breaker.state == .closed, "the breaker is \(breaker.state) at the end")
    try world.require(successes.value > 50, "few calls succeeded")
  }

  private static func call(in world: World) async throws {
    try await world.sleep(for: .milliseconds(20))
    if (Duration.seconds(10)..<Duration.seconds(30)).contains(world.now) { throw Down() }
  }
}
