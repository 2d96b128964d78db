/// The two clients side by side.
struct Table {
  private static let labelWidth = 52
  private static let valueWidth = 13

  let result: RunResult

  var lines: [String] {
    [row("", "bare", "protected")]
      + [
        counts("calls", \.calls),
        counts("answered as they should be", \.successes),
        counts("failed", \.failures),
        counts("  of these dropped, too many in flight", \.dropped),
        counts("refused at once", \.refusedAtOnce),
        milliseconds("latency of all calls, p50", \.latency?.p50Milliseconds, digits: 1),
        milliseconds("  p99", \.latency?.p99Milliseconds, digits: 1),
        milliseconds("  max", \.latency?.maxMilliseconds, digits: 1),
        milliseconds("latency of refused calls, p99", \.refusedLatency?.p99Milliseconds, digits: 3),
        milliseconds(
          "  but for those the kernel interrupted",
          \.undisturbedRefusedLatency?.p99Milliseconds,
          digits: 3
        ),
        counts("attempts while it was failing, by the client", \.attemptsWhileFailing),
        counts("requests that reached it while failing, by itself", \.requestsWhileFailing),
        milliseconds("service recovered to first success", \.recoveryMilliseconds, digits: 1),
        milliseconds("calls began late, at most", \.latestStartMilliseconds, digits: 1),
      ]
  }

  private func counts(_ label: String, _ value: KeyPath<ClientResult, Int>) -> String {
    row(label, "\(result.bare[keyPath: value])", "\(result.protected[keyPath: value])")
  }

  private func milliseconds(
    _ label: String,
    _ value: KeyPath<ClientResult, Double?>,
    digits: Int
  ) -> String {
    let values = [result.bare, result.protected].map { client in
      client[keyPath: value].map { "\($0.fixed(digits)) ms" } ?? "–"
    }
    return row(label, values[0], values[1])
  }

  private func milliseconds(
    _ label: String,
    _ value: KeyPath<ClientResult, Double>,
    digits: Int
  ) -> String {
    row(
      label,
      "\(result.bare[keyPath: value].fixed(digits)) ms",
      "\(result.protected[keyPath: value].fixed(digits)) ms"
    )
  }

  private func row(_ label: String, _ bare: String, _ protected: String) -> String {
    label.padded(to: Self.labelWidth) + bare.aligned(to: Self.valueWidth)
      + protected.aligned(to: Self.valueWidth)
  }
}
