import Resilience

/// Where a run takes place: on the loopback interface, or in a simulated world.
protocol Venue: Sendable {
  /// The time of the run.
  var timeline: Timeline { get }

  /// Whether the kernel can disturb calls, so that it has to be watched.
  var isDisturbed: Bool { get }

  /// Opens a copy of the service, and makes a client of it.
  ///
  /// - Parameters:
  ///   - policy: What protects the client.
  ///   - options: What the run is asked to do.
  ///   - limits: The settings of the client.
  ///   - meter: Counts what the client sends.
  /// - Returns: Both, and the client's breaker if it has one.
  /// - Throws: What keeps the service from opening.
  func open(
    _ policy: ClientPolicy,
    _ options: Options,
    _ limits: Limits,
    meter: AttemptMeter
  ) throws -> Stand
}

/// A client and its own copy of the service, and the policies that are watched.
struct Stand: Sendable {
  let client: any UserClient
  let service: any ServiceCopy
  let breaker: CircuitBreaker?
  let bulkhead: Bulkhead?
}

/// A copy of the service, of one replica or several.
protocol ServiceCopy: Sendable {
  /// Requests that have reached each replica.
  var requestsByReplica: [Int] { get }

  /// Changes how it behaves from now on.
  ///
  /// - Parameters:
  ///   - phase: The behaviour.
  ///   - end: When the next phase is to begin, from now on.
  func enter(_ phase: Scenario.Phase, for end: Duration)

  /// Breaks it by hand, whatever its phase, until it is called again.
  ///
  /// - Parameter faults: What goes wrong, the first one first; empty to heal it.
  func breakByHand(_ faults: [Fault])

  /// Ends it, and waits until nothing is left of it.
  func close() async
}

extension ServiceCopy {
  /// Requests that have reached the service.
  var requestCount: Int { requestsByReplica.reduce(0, +) }
}
