/// The clients side by side.
struct Table {
  private static let labelWidth = 52
  private static let valueWidth = 13

  let result: RunResult

  var lines: [String] {
    [row("", result.clients.map(\.name))]
      + [
        counts("calls", \.calls),
        counts("answered as they should be", \.successes),
        counts("failed", \.failures),
        counts("  of these dropped, too many in flight", \.dropped),
        counts("refused at once", \.refusedAtOnce),
        milliseconds("latency of all calls, p50", digits: 1) { $0.latency?.p50Milliseconds },
        milliseconds("  p99", digits: 1) { $0.latency?.p99Milliseconds },
        milliseconds("  max", digits: 1) { $0.latency?.maxMilliseconds },
        milliseconds("latency of refused calls, p99", digits: 3) {
          $0.refusedLatency?.p99Milliseconds
        },
        milliseconds("  but for those the kernel interrupted", digits: 3) {
          $0.undisturbedRefusedLatency?.p99Milliseconds
        },
        counts("attempts while it was failing, by the client", \.attemptsWhileFailing),
        counts("requests that reached it while failing, by itself", \.requestsWhileFailing),
        milliseconds("service recovered to first success", digits: 1) { $0.recoveryMilliseconds },
        milliseconds("calls began late, at most", digits: 1) { $0.latestStartMilliseconds },
      ]
  }

  private func counts(_ label: String, _ value: (ClientResult) -> Int) -> String {
    row(label, result.clients.map { "\(value($0))" })
  }

  private func milliseconds(
    _ label: String,
    digits: Int,
    _ value: (ClientResult) -> Double?
  ) -> String {
    row(label, result.clients.map { value($0).map { "\($0.fixed(digits)) ms" } ?? "–" })
  }

  private func row(_ label: String, _ values: [String]) -> String {
    label.padded(to: Self.labelWidth) + values.map { $0.aligned(to: Self.valueWidth) }.joined()
  }
}
