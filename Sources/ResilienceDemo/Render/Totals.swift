/// The clients side by side in numbers, for tables of any kind.
struct Totals {
  /// One line: a label, and a cell for each client.
  struct Row: Equatable, Sendable {
    let label: String
    let cells: [String]
    /// Whether it says more of the row before it.
    var isPart = false
  }

  let clients: [ClientResult]

  /// All that is counted and measured.
  var rows: [Row] {
    [
      counts("calls", \.calls),
      counts("answered as they should be", \.successes),
      counts("failed", \.failures),
      counts("of these dropped, too many in flight", isPart: true, \.dropped),
      counts("refused at once", \.refusedAtOnce),
      milliseconds("latency of all calls, p50", digits: 1) { $0.latency?.p50Milliseconds },
      milliseconds("p99", digits: 1, isPart: true) { $0.latency?.p99Milliseconds },
      milliseconds("max", digits: 1, isPart: true) { $0.latency?.maxMilliseconds },
      milliseconds("latency of refused calls, p99", digits: 3) {
        $0.refusedLatency?.p99Milliseconds
      },
      milliseconds("but for those the kernel interrupted", digits: 3, isPart: true) {
        $0.undisturbedRefusedLatency?.p99Milliseconds
      },
      counts("attempts while it was failing, by the client", \.attemptsWhileFailing),
      counts("requests that reached it while failing, by itself", \.requestsWhileFailing),
      milliseconds("service recovered to ten successes in a row", digits: 1) {
        $0.recoveryMilliseconds
      },
      milliseconds("calls began late, at most", digits: 1) { $0.latestStartMilliseconds },
    ]
  }

  /// Why calls failed, in alphabetical order.
  var reasons: [Row] {
    Set(clients.flatMap(\.failureReasons.keys)).sorted().map { name in
      Row(label: name, cells: clients.map { "\($0.failureReasons[name] ?? 0)" })
    }
  }

  private func counts(
    _ label: String,
    isPart: Bool = false,
    _ value: (ClientResult) -> Int
  ) -> Row {
    Row(label: label, cells: clients.map { "\(value($0))" }, isPart: isPart)
  }

  private func milliseconds(
    _ label: String,
    digits: Int,
    isPart: Bool = false,
    _ value: (ClientResult) -> Double?
  ) -> Row {
    Row(
      label: label,
      cells: clients.map { value($0).map { "\($0.fixed(digits)) ms" } ?? "–" },
      isPart: isPart
    )
  }
}
