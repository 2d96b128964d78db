/// The live picture of a run, as a function of what there is to be seen.
struct Screen {
  /// Columns of the labels before the bands.
  private static let margin = 11

  let snapshot: RunSnapshot
  let palette: Palette

  /// The lines of the picture, each at most 79 columns wide.
  var lines: [String] {
    let title = "resilience-demo · \(snapshot.options.scenario.name)"
    let time = "\(snapshot.shownElapsed) of \(snapshot.options.duration.seconds.fixed(0)) s"
    return [palette.bold(title) + time.aligned(to: 79 - title.count)]
      + snapshot.options.scenario.summary.wrapped(to: 79)
      + [""]
      + [band("service", .service(snapshot)) + " " + snapshot.serviceWord]
      + [""]
      + snapshot.clients.flatMap { lines(of: $0) + [""] }
      + [palette.paint(legend, .grey)]
  }

  private func lines(of client: RunSnapshot.Client) -> [String] {
    let last = client.lastSecond
    let latency = client.latency
    let load = "reached the service \(client.requests)".padded(to: 26)
    return [
      palette.bold(client.name.padded(to: Self.margin)) + client.description,
      band("answered", .successes(client, in: snapshot)) + " " + last.shownSuccesses,
      label("last 1 s")
        + "p50 \(latency.map { $0.p50Milliseconds.fixed(1) } ?? "–") ms".padded(to: 15)
        + "p99 \(latency.map { $0.p99Milliseconds.fixed(1) } ?? "–") ms".padded(to: 15)
        + "failed \(last.failures)".padded(to: 12)
        + "refused \(last.refused)",
      label("so far") + load + "attempts \(client.attempts)".padded(to: 16)
        + "in flight \(client.inFlight)",
    ] + breakerLines(of: client)
  }

  private func breakerLines(of client: RunSnapshot.Client) -> [String] {
    guard let state = client.breakerState else { return [] }
    let shown = client.transitions.suffix(3).map { "\($0.atSeconds.fixed(2)) s \($0.to)" }
    let band = band("breaker", .breaker(client, in: snapshot)) + " " + state
    return [
      band, label("") + (shown.isEmpty ? "no transition yet" : shown.joined(separator: " → ")),
    ]
  }

  private var legend: String {
    "\(Band.Cell.good.glyph) well, closed  \(Band.Cell.middling.glyph) half-open  "
      + "\(Band.Cell.bad.glyph) failing, open   answered: share, by height"
  }

  private func label(_ name: String) -> String { name.padded(to: Self.margin) }

  private func band(_ name: String, _ band: Band) -> String {
    let blanks = String(repeating: " ", count: max(0, IntervalResult.count - band.cells.count))
    return label(name).dropLast(2) + band.text(palette) + blanks
  }
}

extension Ledger.Tally {
  /// The share of successes in per cent, if there was any call.
  var shownSuccesses: String {
    calls == 0 ? "–" : "\((Double(successes) / Double(calls) * 100).fixed(0)) %"
  }
}

extension RunSnapshot {
  /// Time since the beginning, but for the wait for the last calls.
  fileprivate var shownElapsed: String { min(elapsed, options.duration).seconds.fixed(1) }

  /// How the service is, in a word.
  var serviceWord: String { phase?.name ?? "healthy" }
}
