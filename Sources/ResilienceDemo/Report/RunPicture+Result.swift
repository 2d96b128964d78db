extension RunPicture {
  /// The picture of a run that is over.
  ///
  /// - Parameter result: What it has shown.
  init(_ result: RunResult) {
    let settings = result.settings
    self.init(
      scenario: settings.scenario,
      summary: settings.summary,
      lookAt: settings.lookAt,
      duration: settings.durationSeconds,
      elapsed: settings.durationSeconds,
      offered: Double(settings.callsPerSecond),
      phases: Self.phases(result.phases, until: settings.durationSeconds)
        + result.brokenByHand.map(Phase.init),
      clients: result.clients.enumerated().map { place, client in
        Client(
          name: client.name,
          description: client.description,
          series: Series(of: client.name, at: place),
          intervals: client.intervals,
          transitions: client.hasBreaker ? client.transitions : nil
        )
      },
      figures: result.clients.map(Self.figures),
      totals: Totals(clients: result.clients).rows,
      reasons: Totals(clients: result.clients).reasons,
      claims: result.claims,
      notChecked: result.notChecked,
      settings: Self.settings(
        settings.limits,
        rate: settings.callsPerSecond,
        seed: settings.seed,
        isSimulated: settings.isSimulated
      ),
      command: Self.command(
        scenario: settings.scenarioFile ?? settings.scenario,
        clients: result.clients.map(\.name),
        seconds: settings.durationSeconds,
        rate: settings.callsPerSecond,
        seed: settings.seed,
        isSimulated: settings.isSimulated
      )
    )
  }

  /// Each phase from its beginning to that of the next one.
  static func phases(_ phases: [PhaseResult], until end: Double) -> [Phase] {
    phases.enumerated().map { index, phase in
      Phase(
        name: phase.name,
        isFailing: phase.isFailing,
        start: phase.beganAtSeconds,
        end: index + 1 < phases.count ? phases[index + 1].beganAtSeconds : end
      )
    }
  }

  private static func figures(_ client: ClientResult) -> [Figure] {
    [
      Figure(
        value: client.calls > 0
          ? (Double(client.successes) / Double(client.calls) * 100).fixed(1) : "–",
        unit: "%",
        label: "of the calls answered as they should be"
      ),
      .milliseconds(client.latency?.p99Milliseconds, "slowest of a hundred calls (p99)"),
      Figure(
        value: "\(client.requestsWhileFailing)",
        unit: "requests",
        label: "reached the service while it failed"
      ),
      .milliseconds(client.recoveryMilliseconds, "from its recovery to ten answers in a row"),
    ]
  }

  /// The settings that the clients share.
  static func settings(
    _ limits: Limits,
    rate: Int,
    seed: UInt64,
    isSimulated: Bool
  ) -> [Setting] {
    [
      Setting(
        name: "Where",
        value: isSimulated
          ? "a simulated world, in its own time" : "real sockets on the loopback interface"
      ),
      Setting(name: "Load", value: "\(rate) calls/s for each client, Poisson arrivals"),
      Setting(name: "Seed", value: "\(seed)"),
      Setting(
        name: "Clients",
        value: "\(limits.connectionsPerHost) connections, \(limits.callsInFlight) calls in flight"
      ),
      Setting(
        name: "Breaker",
        value: "opens after \(limits.consecutiveFailures) failures in a row or "
          + "\((limits.failureRate * 100).fixed(0)) % of the last \(limits.failureRateLastCalls), "
          + "for \(limits.openMilliseconds) ms; \(limits.probes) probes close it"
      ),
      Setting(
        name: "Timeouts",
        value: "\(limits.attemptTimeoutMilliseconds) ms an attempt, "
          + "\(limits.callTimeoutMilliseconds) ms a call, \(limits.bareTimeoutSeconds) s bare"
      ),
      Setting(
        name: "Retry",
        value: "\(limits.attempts) attempts, back-off \(limits.backoffFromMilliseconds) to "
          + "\(limits.backoffUpToMilliseconds) ms"
      ),
      Setting(
        name: "Bulkhead",
        value: "\(limits.bulkheadLimit) at a time, \(limits.bulkheadQueue) waiting"
      ),
    ]
  }

  /// The command line that repeats a run; its scenario is a name, or the file that it was read from.
  static func command(
    scenario: String,
    clients: [String],
    seconds: Double,
    rate: Int,
    seed: UInt64,
    isSimulated: Bool
  ) -> String {
    "swift run resilience-demo --scenario \(scenario.shellWord) --compare "
      + "\(clients.joined(separator: ",").shellWord)"
      + " --duration \(seconds.fixed(0)) --rate \(rate) --seed \(seed)"
      + (isSimulated ? " --simulate" : "")
  }
}

extension RunPicture.Figure {
  /// A time in the unit that suits it; none is a dash.
  static func milliseconds(_ value: Double?, _ label: String) -> Self {
    guard let value else { return Self(value: "–", unit: "", label: label) }
    if value >= 1_000 { return Self(value: (value / 1_000).fixed(2), unit: "s", label: label) }
    return Self(value: value.fixed(value >= 100 ? 0 : 1), unit: "ms", label: label)
  }
}

extension String {
  /// The text as one word of a POSIX shell, whatever it says.
  fileprivate var shellWord: String {
    let isPlain = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard !isPlain || isEmpty else { return self }
    let pieces = split(separator: "'", omittingEmptySubsequences: false)
    return "'" + pieces.joined(separator: #"'\''"#) + "'"
  }
}
