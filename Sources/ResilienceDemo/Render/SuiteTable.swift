/// The clients of several runs below each other.
struct SuiteTable {
  let suite: SuiteResult
  let palette: Palette

  /// The lines of the table, each at most 80 columns wide.
  var lines: [String] {
    heading + [
      palette.bold(Self.row("scenario", "client", "answered well", "p99", "requests") + "  claims")
    ]
      + suite.results.flatMap(rows)
  }

  /// Runs without sockets say so first; the seed is the same for all.
  private var heading: [String] {
    guard let settings = suite.results.first?.settings, settings.isSimulated else { return [] }
    return ["simulated, seed \(settings.seed)"]
  }

  private func rows(of result: RunResult) -> [String] {
    result.clients.enumerated().map { index, client in
      let share = client.calls > 0 ? Double(client.successes) / Double(client.calls) : 0
      let row = Self.row(
        index == 0 ? result.settings.scenario : "",
        client.name,
        "\((share * 100).fixed(1)) %",
        client.latency.map { "\($0.p99Milliseconds.fixed(0)) ms" } ?? "–",
        "\(client.requests)"
      )
      return index == 0 ? "\(row)  \(claims(of: result))" : row
    }
  }

  private func claims(of result: RunResult) -> String {
    guard !result.claims.isEmpty else { return "nothing checked" }
    let held = result.claims.count(where: \.holds)
    let text = "\(held) of \(result.claims.count) hold"
    return palette.paint(text, result.claimsHold ? .green : .red)
  }

  private static func row(
    _ scenario: String,
    _ client: String,
    _ answered: String,
    _ p99: String,
    _ requests: String
  ) -> String {
    scenario.padded(to: 21) + client.padded(to: 9) + answered.aligned(to: 14) + p99.aligned(to: 10)
      + requests.aligned(to: 10)
  }
}
