/// The plain record of a run, for where nothing can be redrawn: a line for each thing that happened
/// and one for each stretch of time.
struct LineLog {
  private var marks = 0
  /// How many transitions of each client have been said.
  private var transitions: [String: Int] = [:]
  private var nextStatus: Duration
  private let step: Duration

  /// Begins a record of a run of the given length: a status each half second, or each twentieth of
  /// the run if that is longer.
  init(duration: Duration) {
    step = max(.milliseconds(500), duration / 20)
    nextStatus = step
  }

  /// The lines that have become due since the last time.
  mutating func lines(for snapshot: RunSnapshot) -> [String] {
    var events: [(seconds: Double, text: String)] = []
    for mark in snapshot.marks.dropFirst(marks) {
      let phase = snapshot.options.scenario.phases[mark.phase]
      events.append((mark.at.seconds, "service    \(phase.name)"))
    }
    marks = snapshot.marks.count
    for client in snapshot.clients {
      for transition in client.transitions.dropFirst(transitions[client.name] ?? 0) {
        let change = "\(transition.from) → \(transition.to)"
        events.append((transition.atSeconds, client.name.padded(to: 11) + change))
      }
      transitions[client.name] = client.transitions.count
    }
    if snapshot.elapsed >= nextStatus {
      events.append((snapshot.elapsed.seconds, Self.status(snapshot)))
      while nextStatus <= snapshot.elapsed { nextStatus += step }
    }
    return events.sorted { $0.seconds < $1.seconds }
      .map { "\($0.seconds.fixed(2).aligned(to: 8)) s  \($0.text)" }
  }

  private static func status(_ snapshot: RunSnapshot) -> String {
    snapshot.clients.map(status).joined(separator: "   ")
  }

  private static func status(_ client: RunSnapshot.Client) -> String {
    let p99 = client.latency.map { "\($0.p99Milliseconds.fixed(0)) ms" } ?? "–"
    let last = client.lastSecond
    let refused = client.breakerState == nil ? "" : "   refused \(last.refused)"
    return "\(client.name) \(last.shownSuccesses.aligned(to: 5)) \(p99.aligned(to: 7))" + refused
  }
}
