/// The settings of all clients, scaled so that a short run has room for failure and recovery.
struct Limits: Codable, Equatable, Sendable {
  /// Connections that URLSession opens to one host.
  ///
  /// Its default of 6 would hide from the service what a client that expects load does to it.
  var connectionsPerHost = 64

  /// Calls that each client has in flight at most; beyond, a call is dropped.
  var callsInFlight = 256

  /// The bare client's only protection, in whole seconds since URLSession on Linux cuts it to them.
  var bareTimeoutSeconds: Int

  /// How long one attempt of a client with policies may take.
  var attemptTimeoutMilliseconds = 250

  /// How long one call of the standard client may take, its retries included.
  var callTimeoutMilliseconds: Int

  /// How often the naive client tries.
  var naiveAttempts = 4

  /// How often the standard client tries.
  var attempts = 3
  var backoffFromMilliseconds = 20
  var backoffUpToMilliseconds = 200

  /// Retries per call in the long run, and how many may be made at once.
  var retryBudget = 0.2
  var retryBudgetCapacity = 20

  /// Failures in a row that open the circuit.
  var consecutiveFailures = 5

  /// Share of failures among the last attempts that opens the circuit.
  var failureRate = 0.4
  var failureRateLastCalls = 10
  var failureRateMinimumCalls = 10

  /// How long the circuit stays open before a probe.
  var openMilliseconds: Int

  /// Probes that run at once while half-open, and that must succeed to close the circuit.
  var probes = 3

  /// Shares of the calls that are admitted between the probes and closing.
  var ramp: [Double] = []

  /// Successes that each step takes when there is a ramp, the probes included.
  var successesPerStep = 3

  /// Failures in a row that leave a replica out.
  var ejectAfterFailures = 3

  var bulkheadLimit = 8
  var bulkheadQueue = 8

  /// Creates the limits for a run of the given length, with what a scenario sets differently.
  ///
  /// A run of 10 s has an open period of 1 s and a bare timeout of 2 s; one of 3 s has 300 ms and 1 s.
  init(duration: Duration, _ tuning: Tuning = Tuning()) {
    let total = Int(clamping: duration.components.seconds * 1_000) + duration.subseconds
    callTimeoutMilliseconds = 4 * attemptTimeoutMilliseconds
    openMilliseconds = min(max(total / 10, 50), 10_000)
    bareTimeoutSeconds = min(max(total / 5_000, 1), 60)
    if let least = tuning.callTimeoutAtLeast {
      callTimeoutMilliseconds = max(callTimeoutMilliseconds, Int(least.milliseconds))
    }
    failureRate = tuning.failureRate ?? failureRate
    probes = tuning.probes ?? probes
    ramp = tuning.ramp ?? ramp
    successesPerStep = tuning.successesPerStep ?? successesPerStep
  }
}

extension Limits {
  var attemptTimeout: Duration { .milliseconds(attemptTimeoutMilliseconds) }
  var callTimeout: Duration { .milliseconds(callTimeoutMilliseconds) }
  var openFor: Duration { .milliseconds(openMilliseconds) }

  /// What protects a client, outermost first, on one line; the breaker by how long it stays open.
  func description(of policy: ClientPolicy) -> String {
    let attempt = "Timeout \(attemptTimeoutMilliseconds) ms"
    return switch policy {
    case .none: "URLSession with a timeout of \(bareTimeoutSeconds) s"
    case .timeout: attempt
    case .retry: "Retry \(naiveAttempts) at once › \(attempt)"
    case .breaker: "Breaker \(openMilliseconds) › \(attempt)"
    case .standard:
      "Timeout \(callTimeoutMilliseconds) › Retry \(attempts) › Breaker \(openMilliseconds)"
        + " › Bulkhead \(bulkheadLimit) › \(attempt)"
    }
  }
}

extension Duration {
  /// The milliseconds beyond the last whole second.
  fileprivate var subseconds: Int { Int(components.attoseconds / 1_000_000_000_000_000) }
}
