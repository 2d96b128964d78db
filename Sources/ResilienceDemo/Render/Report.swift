/// The report at the end of a run, as text.
struct Report {
  let result: RunResult
  let palette: Palette

  /// The lines of the report, each at most 80 columns wide.
  var lines: [String] {
    heading + Table(result: result).lines
      + section("Why calls failed", reasons)
      + section("The service", phases)
      + result.clients.filter(\.hasBreaker).flatMap { client in
        section("The breaker of \(client.name)", transitions(of: client))
      }
      + (result.brokenByHand.isEmpty ? [] : section("Broken by hand", breakages))
      + section("Claims", claims)
      + section("What to look at", result.settings.lookAt.wrapped(to: 76).map { "  \($0)" })
  }

  /// What is run, for where the picture does not say it.
  static func heading(_ options: Options, _ limits: Limits) -> [String] {
    [
      "\(options.scenario.name): \(options.scenario.summary)"
    ]
      + options.policies.map { $0.name.padded(to: 11) + limits.description(of: $0) } + [
        "each       \(options.rate) calls/s for \(options.duration.seconds.fixed(0)) s, seed "
          + "\(options.seed)",
        "           \(limits.connectionsPerHost) connections, at most \(limits.callsInFlight) calls in "
          + "flight",
        "in a line  the last second: calls answered well, p99 of all, calls refused",
        "",
      ]
  }

  /// A run without sockets says so first.
  private var heading: [String] {
    let settings = result.settings
    return settings.isSimulated ? ["simulated, seed \(settings.seed)", ""] : []
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    ["", palette.bold(title)] + lines
  }

  private var reasons: [String] {
    let rows = Totals(clients: result.clients).reasons
    guard !rows.isEmpty else { return ["  none did"] }
    return rows.map { row in
      "  \(row.label)".padded(to: 52) + row.cells.map { $0.aligned(to: 13) }.joined()
    }
  }

  private var phases: [String] {
    result.phases.map { "\($0.beganAtSeconds.fixed(2).aligned(to: 8)) s  \($0.name)" }
  }

  private var breakages: [String] {
    result.brokenByHand.map { breakage in
      "\(breakage.beganAtSeconds.fixed(2).aligned(to: 8)) s  \(breakage.name), until "
        + "\(breakage.endedAtSeconds.fixed(2)) s"
    }
  }

  private var claims: [String] {
    result.claims.isEmpty ? ["  nothing checked"] : result.claims.flatMap(lines(of:))
  }

  private func transitions(of client: ClientResult) -> [String] {
    guard !client.transitions.isEmpty else { return ["  stayed closed"] }
    let shown = Abridged(client.transitions, to: 20)
    let between = shown.omitted > 0 ? ["           … \(shown.omitted) more …"] : []
    return shown.head.map(line) + between + shown.tail.map(line)
  }

  private func line(_ transition: RunLog.Transition) -> String {
    "\(transition.atSeconds.fixed(2).aligned(to: 8)) s  \(transition.from) → \(transition.to)"
  }

  private func lines(of claim: Claim) -> [String] {
    let verdict = claim.holds ? palette.paint("holds ", .green) : palette.paint("FAILED", .red)
    let lines = "\(claim.claim): \(claim.measured)".wrapped(to: 68)
    return lines.enumerated().map { index, line in
      "  " + (index == 0 ? verdict : "      ") + "  \(line)"
    }
  }
}
