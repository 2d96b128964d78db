/// What a run has shown: the value that all reports are made of.
///
/// Times are in seconds since the beginning of the run, latencies in milliseconds.
struct RunResult: Codable, Equatable, Sendable {
  struct Settings: Codable, Equatable, Sendable {
    let scenario: String
    /// The file that it was read from; absent if the demo knows it by its name.
    let scenarioFile: String?
    let summary: String
    let lookAt: String
    let durationSeconds: Double
    let callsPerSecond: Int
    let seed: UInt64
    /// Whether it took place in a simulated world.
    let isSimulated: Bool
    let limits: Limits
  }

  let settings: Settings

  /// The phases as they were planned; each client's copy of the service has its own times.
  let phases: [PhaseResult]

  /// One element per client, in the order that was asked for.
  let clients: [ClientResult]

  private(set) var claims: [Claim]

  /// What the scenario claims of clients that did not take part, or of what it does not do.
  private(set) var notChecked: [ClaimName]

  /// Whether all claims hold; true if there are none.
  private(set) var claimsHold: Bool

  /// What was broken by hand, oldest first; then no claim is checked, since it says nothing.
  private(set) var brokenByHand: [Breakage] = []

  init(_ log: RunLog) {
    let options = log.options
    let scenario = options.scenario
    settings = Settings(
      scenario: scenario.name,
      scenarioFile: options.scenarioFile,
      summary: scenario.summary,
      lookAt: scenario.lookAt(isSimulated: options.isSimulated),
      durationSeconds: options.duration.seconds,
      callsPerSecond: options.rate,
      seed: options.seed,
      isSimulated: options.isSimulated,
      limits: log.limits
    )
    phases = zip(scenario.phases, scenario.starts(in: options.duration)).map {
      PhaseResult($0, at: $1)
    }
    clients = log.clients.map { ClientResult($0, in: log) }
    let evidence = Evidence(log, clients)
    claims = scenario.claims.compactMap { $0.check(evidence) }
    notChecked = scenario.claims.filter { $0.check(evidence) == nil }
    claimsHold = claims.allSatisfy(\.holds)
  }

  /// The result of a run that someone broke by hand: without claims.
  func broken(by breakages: [Breakage]) -> RunResult {
    var result = self
    result.brokenByHand = breakages
    result.notChecked = claims.map(\.name) + notChecked
    result.claims = []
    result.claimsHold = true
    return result
  }

  /// The client with the given policies, if it took part.
  func client(_ policy: ClientPolicy) -> ClientResult? {
    clients.first { $0.name == policy.name }
  }
}
