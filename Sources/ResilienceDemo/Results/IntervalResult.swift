/// What happened to one client's calls in one interval; a call belongs to the one in which it ended.
///
/// Calls that end after the run belong to the last one.
struct IntervalResult: Codable, Equatable, Sendable {
  /// Number of intervals in a run, whatever its length.
  static let count = 60

  let endSeconds: Double
  let successes: Int
  let failures: Int
  let refusedAtOnce: Int
  let p50Milliseconds: Double?
  let p99Milliseconds: Double?

  /// Requests that reached the service in the interval, counted by the service.
  let requests: Int

  /// Attempts made in the interval, counted by the client.
  let attempts: Int

  /// The intervals of a whole run, oldest first.
  static func series(of client: RunLog.Client, duration: Duration) -> [Self] {
    var ended = [[CallRecord]](repeating: [], count: count)
    for record in client.records { ended[index(of: record.ended, in: duration)].append(record) }
    var before = RunLog.Sample(requests: 0, attempts: 0)
    return zip(ended, client.samples).enumerated().map { index, interval in
      let (records, sample) = interval
      defer { before = sample }
      return Self(
        records,
        requests: sample.requests - before.requests,
        attempts: sample.attempts - before.attempts,
        endSeconds: (duration * (index + 1) / count).seconds
      )
    }
  }

  /// The interval in which a moment of a run lies.
  static func index(of moment: Duration, in duration: Duration) -> Int {
    min(max(Int(moment / duration * Double(count)), 0), count - 1)
  }

  /// Counts the calls that ended in one interval.
  init(_ records: [CallRecord], requests: Int, attempts: Int, endSeconds: Double) {
    let latency = Quantiles(records.filter { $0.outcome != .dropped }.map(\.latency))
    self.endSeconds = endSeconds
    successes = records.count { $0.outcome == .success }
    refusedAtOnce = records.count { $0.outcome == .refused }
    failures = records.count - successes - refusedAtOnce
    p50Milliseconds = latency?.p50Milliseconds
    p99Milliseconds = latency?.p99Milliseconds
    self.requests = requests
    self.attempts = attempts
  }
}
