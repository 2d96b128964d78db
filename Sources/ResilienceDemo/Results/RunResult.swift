/// What a run has shown: the value that all reports are made of.
///
/// Times are in seconds since the beginning of the run, latencies in milliseconds.
struct RunResult: Codable, Equatable, Sendable {
  struct Settings: Codable, Equatable, Sendable {
    let scenario: String
    let summary: String
    let lookAt: String
    let durationSeconds: Double
    let callsPerSecond: Int
    let seed: UInt64
    let limits: Limits
  }

  /// A phase of the service; the times are those of the protected client's copy.
  struct Phase: Codable, Equatable, Sendable {
    let name: String
    let isFailing: Bool
    let beganAtSeconds: Double
  }

  let settings: Settings
  let phases: [Phase]
  let bare: ClientResult
  let protected: ClientResult
  /// The breaker's transitions, oldest first.
  let transitions: [RunLog.Transition]
  let claims: [Claim]

  init(_ log: RunLog) {
    let options = log.options
    let scenario = options.scenario
    settings = Settings(
      scenario: scenario.name,
      summary: scenario.summary,
      lookAt: scenario.lookAt,
      durationSeconds: options.duration.seconds,
      callsPerSecond: options.rate,
      seed: options.seed,
      limits: log.limits
    )
    phases = zip(scenario.phases, log.protected.marks).map { phase, mark in
      Phase(name: phase.name, isFailing: phase.isFailing, beganAtSeconds: mark.at.seconds)
    }
    bare = ClientResult(log.bare, scenario: scenario, duration: options.duration)
    protected = ClientResult(log.protected, scenario: scenario, duration: options.duration)
    transitions = log.transitions
    claims = Claim.all(about: log, bare: bare, protected: protected)
  }

  var claimsHold: Bool { claims.allSatisfy(\.holds) }
}
