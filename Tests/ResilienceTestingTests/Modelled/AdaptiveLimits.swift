import Resilience
import ResilienceTesting

/// An adaptive limiter between clients that always want more and a modelled server.
///
/// The server works on 30 calls at a time, a second each. Its troubles, 160 s each: the work takes
/// twice as long, and half of the places are gone. Sixty clients call through the limiter and wait in
/// its queue, so that the load is always above the capacity.
struct AdaptiveLimits: Sendable {
  /// What was seen at one moment.
  struct Point: Hashable, Sendable {
    let limit: Int
    /// Calls that the server had worked on.
    let calls: Int
  }

  /// A part of the run and the limit that is right in it: the smallest one at full throughput.
  struct Phase: Hashable, Sendable {
    let name: String
    let optimum: Int
  }

  static let phases = [
    Phase(name: "30 places", optimum: 30),
    Phase(name: "twice the latency", optimum: 30),
    Phase(name: "as before", optimum: 30),
    Phase(name: "half the places", optimum: 15),
    Phase(name: "as before", optimum: 30),
  ]
  /// Seconds that a phase lasts.
  static let length = 160

  static let guarded = AdaptiveLimits(name: "guarded", rule: .guarded())
  static let aimd = AdaptiveLimits(name: "AIMD, server refuses", rule: .aimd(), serverQueue: 3)
  static let vegas = AdaptiveLimits(name: "Vegas", rule: .vegas())
  static let gradient = AdaptiveLimits(name: "Gradient2", rule: .gradient2())
  static let all = [guarded, aimd, vegas, gradient]

  let name: String
  let rule: LimitRule
  /// How many calls may wait at the server; it refuses those beyond.
  var serverQueue = Int.max

  /// The limit at each second of the run.
  func points(seed: UInt64 = 1) async throws -> [Point] {
    let length = Self.length
    return try await Simulation(seed: seed).run { world in
      let service = ModelledService(
        in: world,
        latency: .logNormal(median: .seconds(1), sigma: 0.2),
        capacity: 30,
        queue: serverQueue
      )
      service.brownOut(from: .seconds(length), to: .seconds(2 * length), slowdown: 2)
      service.capacity(15, from: .seconds(3 * length), to: .seconds(4 * length))
      return try await watch(service, in: world, for: Self.phases.count * length)
    }
  }

  /// Lets sixty clients call for a number of seconds.
  func watch(
    _ service: ModelledService,
    in world: World,
    for seconds: Int,
    clients: Int = 60
  ) async throws -> [Point] {
    var settings = AdaptiveLimiterSettings()
    settings.rule = rule
    settings.queue = QueueSettings(limit: 1_000, maxWait: .seconds(1_000_000))
    settings.overload = { $0 as? ModelledFailure == .overloaded }
    let limiter = AdaptiveLimiter(
      "service",
      settings,
      timeline: world.timeline,
      random: world.random
    )
    let watch = world.spawn("watch") {
      var points: [Point] = []
      for second in 1...seconds {
        try await world.sleep(until: .seconds(second))
        points.append(Point(limit: limiter.limit, calls: service.served))
      }
      return points
    }
    // Someone who was refused comes again a moment later.
    _ = await world.closedLoop(
      clients: clients,
      think: .constant(.milliseconds(50)),
      for: .seconds(seconds)
    ) { try await limiter.run { try await service.call() } }
    let points = try await watch.value
    try world.require(limiter.isAtRest, "a place was lost")
    return points
  }

  /// How many calls into each phase the limit was last further than a fifth from the optimum; `nil`
  /// if it was so at the end of the phase.
  static func callsUntilNear(_ points: [Point]) -> [Int?] {
    phases.enumerated().map { index, phase in
      let span = points[index * length..<(index + 1) * length]
      let before = index == 0 ? 0 : points[index * length - 1].calls
      guard let last = span.lastIndex(where: { !near(phase.optimum).contains($0.limit) }) else {
        return 0
      }
      return last == span.endIndex - 1 ? nil : points[last].calls - before
    }
  }

  /// The limits within a fifth of the optimum.
  static func near(_ optimum: Int) -> ClosedRange<Int> {
    (optimum * 4 + 4) / 5...optimum * 6 / 5
  }
}
