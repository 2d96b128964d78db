/// Everything that was noted during a run, before anything is reckoned from it.
struct RunLog: Equatable, Sendable {
  /// A change of the service, as one client's copy of it underwent it.
  struct Mark: Equatable, Sendable {
    let phase: Int

    /// When the change was complete.
    let at: Duration

    /// Just before the change: requests that had reached each replica, counted by the service.
    let requestsByReplica: [Int]

    /// Just before the change: attempts the client had made, counted by the client.
    let attempts: Int

    /// Just before the change: requests that had reached the service, counted by the service.
    var requests: Int { requestsByReplica.reduce(0, +) }
  }

  /// The counters of one client at the end of an interval.
  struct Sample: Equatable, Sendable {
    let requests: Int
    let attempts: Int
  }

  /// A change of the breaker's state.
  struct Transition: Codable, Equatable, Sendable {
    let from: String
    let to: String
    let atSeconds: Double
  }

  /// What was noted of one client.
  struct Client: Equatable, Sendable {
    let policy: ClientPolicy
    var records: [CallRecord] = []
    /// One element per phase, in order.
    var marks: [Mark] = []
    /// One element per interval, in order.
    var samples: [Sample] = []
    /// Oldest first; none if the client has no breaker.
    var transitions: [Transition] = []
    /// What became of the service's wishes to be left alone.
    var retryAfter = RetryAfterCounts()
  }

  var options: Options
  let limits: Limits
  let longestGap: Duration
  /// One element per client, in the order that was asked for.
  var clients: [Client]
}
