extension RunPicture {
  /// The picture of a run that is under way.
  ///
  /// - Parameters:
  ///   - snapshot: What there is to be seen.
  ///   - breakages: What someone broke by hand, and when.
  init(_ snapshot: RunSnapshot, breakages: [Breakage] = []) {
    let options = snapshot.options
    let duration = options.duration.seconds
    let planned = zip(
      options.scenario.phases,
      options.scenario.starts(in: options.duration)
    ).map { PhaseResult($0, at: $1) }
    self.init(
      scenario: options.scenario.name,
      summary: options.scenario.summary,
      lookAt: options.scenario.lookAt(isSimulated: options.isSimulated),
      duration: duration,
      elapsed: min(snapshot.elapsed.seconds, duration),
      offered: Double(options.rate),
      phases: Self.phases(planned, until: duration) + breakages.map(Phase.init),
      clients: snapshot.clients.enumerated().map { place, client in
        Client(
          name: client.name,
          description: client.description,
          series: Series(of: client.name, at: place),
          intervals: client.intervals,
          transitions: client.breakerState == nil ? nil : client.transitions
        )
      },
      figures: snapshot.clients.map(Self.figures),
      totals: Self.totals(snapshot.clients),
      reasons: [],
      claims: [],
      settings: Self.settings(
        snapshot.limits,
        rate: options.rate,
        seed: options.seed,
        isSimulated: false
      ),
      command: Self.command(
        scenario: options.scenarioFile ?? options.scenario.name,
        clients: snapshot.clients.map(\.name),
        seconds: duration,
        rate: options.rate,
        seed: options.seed,
        isSimulated: false
      )
    )
  }

  private static func figures(_ client: RunSnapshot.Client) -> [Figure] {
    let last = client.lastSecond
    return [
      Figure(
        value: last.calls > 0
          ? (Double(last.successes) / Double(last.calls) * 100).fixed(0) : "–",
        unit: "%",
        label: "of the calls of the last second answered as they should be"
      ),
      .milliseconds(client.latency?.p99Milliseconds, "slowest of a hundred calls (p99)"),
      Figure(value: "\(client.requests)", unit: "requests", label: "reached the service so far"),
      Figure(value: "\(client.inFlight)", unit: "", label: "calls in flight"),
    ]
  }

  private static func totals(_ clients: [RunSnapshot.Client]) -> [Totals.Row] {
    let sums = clients.map { client in
      client.tallies.reduce(into: Ledger.Tally()) { sum, tally in
        sum.successes += tally.successes
        sum.failures += tally.failures
        sum.refused += tally.refused
      }
    }
    return [
      Totals.Row(label: "calls that ended so far", cells: sums.map { "\($0.calls)" }),
      Totals.Row(label: "answered as they should be", cells: sums.map { "\($0.successes)" }),
      Totals.Row(label: "failed", cells: sums.map { "\($0.failures)" }),
      Totals.Row(label: "refused at once", cells: sums.map { "\($0.refused)" }),
      Totals.Row(label: "attempts, by the client", cells: clients.map { "\($0.attempts)" }),
      Totals.Row(
        label: "requests that reached the service",
        cells: clients.map { "\($0.requests)" }
      ),
      Totals.Row(label: "in flight", cells: clients.map { "\($0.inFlight)" }),
    ]
  }
}
