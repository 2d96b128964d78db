// The charts that are drawn of a run.
extension RunPicture {
  var time: TimeAxis {
    TimeAxis(duration: duration, intervals: IntervalResult.count, phases: phases)
  }

  /// Length of an interval in seconds.
  private var step: Double { duration / Double(IntervalResult.count) }

  /// The share of calls that succeeded.
  func successChart(id: String) -> Chart {
    Chart(
      id: "\(id)-success",
      title: "Calls answered as they should be",
      note: "The share of all calls that ended in the interval; refused ones are not answered.",
      unit: .share,
      scale: .share,
      lines: lines { interval in
        let calls = interval.successes + interval.failures + interval.refusedAtOnce
        return calls > 0 ? Double(interval.successes) / Double(calls) : nil
      },
      reference: nil,
      time: time
    )
  }

  /// A quantile of the latency of all calls.
  func latencyChart(id: String, p99: Bool) -> Chart {
    let lines = lines { p99 ? $0.p99Milliseconds : $0.p50Milliseconds }
    return Chart(
      id: "\(id)-\(p99 ? "p99" : "p50")",
      title: p99 ? "Latency, the slowest of a hundred (p99)" : "Latency, the middle one (p50)",
      note: "How long calls took, refused and failed ones included. Lower is better.",
      unit: .milliseconds,
      scale: .latency(lines.flatMap { $0.values.compactMap { $0 } }),
      lines: lines,
      reference: nil,
      time: time
    )
  }

  /// What arrived at the service.
  func requestsChart(id: String) -> Chart {
    perSecond(
      id: "\(id)-requests",
      title: "Requests that reached the service",
      note: "Counted by the service itself. Less load helps a service in trouble to recover.",
      \.requests
    )
  }

  /// What was sent, retries included.
  func attemptsChart(id: String) -> Chart {
    perSecond(
      id: "\(id)-attempts",
      title: "Attempts, retries included",
      note: "Counted by the client. Above the dotted line retries multiply the load.",
      \.attempts
    )
  }

  /// The states of the breakers, one band for each client that has one.
  var bands: [StateBand] {
    clients.compactMap { client in
      client.transitions.map { StateBand(name: client.name, transitions: $0, end: elapsed) }
    }
  }

  /// Calls in an interval that reach the top of the pictures of outcomes.
  var mostCalls: Int {
    clients.flatMap(\.intervals).map { $0.successes + $0.failures + $0.refusedAtOnce }.max() ?? 0
  }

  private func perSecond(
    id: String,
    title: String,
    note: String,
    _ count: KeyPath<IntervalResult, Int>
  ) -> Chart {
    // An interval that goes on has not all of its attempts yet, and would look like a drop.
    let lines = lines { interval in
      interval.endSeconds <= elapsed + step / 100 ? Double(interval[keyPath: count]) / step : nil
    }
    return Chart(
      id: id,
      title: title,
      note: note,
      unit: .perSecond,
      scale: .linear(lines.flatMap { $0.values.compactMap { $0 } } + [offered]),
      lines: lines,
      reference: Chart.Reference(value: offered, label: "\(offered.short) calls/s to make"),
      time: time
    )
  }

  private func lines(_ value: (IntervalResult) -> Double?) -> [Chart.Line] {
    clients.map {
      Chart.Line(name: $0.name, series: $0.series, values: $0.intervals.map(value))
    }
  }
}
