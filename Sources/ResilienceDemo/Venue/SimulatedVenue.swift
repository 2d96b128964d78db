import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Modelled services and the same policies in a simulated world.
struct SimulatedVenue: Venue {
  let world: World

  var timeline: Timeline { world.timeline }
  var isDisturbed: Bool { false }

  func open(
    _ policy: ClientPolicy,
    _ options: Options,
    _ limits: Limits,
    meter: AttemptMeter
  ) throws -> Stand {
    let service = SimulatedService(options, timeline: timeline)
    let stack = PolicyStack(policy, limits, timeline: timeline, seed: options.seed, meter: meter)
    let client = SimulatedClient(
      service: service,
      stack,
      limits,
      isBare: policy == .none,
      timeline: timeline,
      seed: options.seed
    )
    return Stand(client: client, service: service, breaker: stack.breaker, bulkhead: stack.bulkhead)
  }
}

extension Run {
  /// Makes a whole run in a simulated world.
  ///
  /// - Parameters:
  ///   - options: What is run; equal options give equal logs.
  ///   - limits: The settings of the clients; `nil` for those of the scenario.
  /// - Returns: What was noted.
  /// - Throws: `SimulationError` if the world could not go on.
  static func simulate(_ options: Options, limits: Limits? = nil) async throws -> RunLog {
    var bounds = SimulationLimits()
    bounds.steps = 4_000_000_000
    return try await Simulation(seed: options.seed, limits: bounds).run { world in
      try await Run(options, limits: limits, at: SimulatedVenue(world: world)).perform()
    }
  }
}
