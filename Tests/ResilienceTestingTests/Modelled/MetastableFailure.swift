import Resilience
import ResilienceTesting

/// A system that does not recover by itself from an overload, and the same with protection.
///
/// ## Source
/// Bronson, N., Aghayev, A., Charapko, A. & Zhu, T. (2021). [Metastable failures in distributed
/// systems](https://doi.org/10.1145/3458336.3465286), HotOS '21.
enum MetastableFailure {
  /// Calls per second, of 100 that 10 places can do with 100 ms of work each.
  ///
  /// For ten seconds the work takes five times as long.
  static let offered = 70.0
  static let trigger = (begin: Duration.seconds(60), end: Duration.seconds(70))
  static let duration = Duration.seconds(240)

  /// Each caller gives up after a second and tries again at once, up to four times.
  static func unprotected(in world: World) async throws -> LoadReport {
    let service = service(in: world)
    let pipeline = Pipeline("naive") {
      Retry(attempts: 4, backoff: .none, timeline: world.timeline, random: world.random)
      Timeout(.seconds(1), timeline: world.timeline)
    }
    return await world.openLoop(rate: offered, for: duration, callee: service) {
      try await pipeline.run { try await service.call() }
    }
  }

  /// The same, with pauses between fewer attempts, and a breaker around each.
  static func protected(in world: World) async throws -> LoadReport {
    let service = service(in: world)
    let breaker = CircuitBreaker("service", openFor: .seconds(5), timeline: world.timeline)
    let pipeline = Pipeline("protected") {
      Retry(attempts: 2, timeline: world.timeline, random: world.random)
      breaker
      Timeout(.seconds(1), timeline: world.timeline)
    }
    return await world.openLoop(
      rate: offered,
      for: duration,
      callee: service,
      breakers: [breaker]
    ) {
      try await pipeline.run { try await service.call() }
    }
  }

  /// The same, with the pipeline that the package offers to begin with.
  static func standard(in world: World) async throws -> LoadReport {
    let service = service(in: world)
    let pipeline = Pipeline.standard("service", timeline: world.timeline, random: world.random)
    return await world.openLoop(rate: offered, for: duration, callee: service) {
      try await pipeline.run { try await service.call() }
    }
  }

  private static func service(in world: World) -> ModelledService {
    let service = ModelledService(
      in: world,
      latency: .constant(.milliseconds(100)),
      capacity: 10,
      queue: 1_000
    )
    service.brownOut(from: trigger.begin, to: trigger.end, slowdown: 5)
    return service
  }
}
