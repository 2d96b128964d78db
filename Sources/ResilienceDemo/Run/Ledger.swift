internal import Resilience

/// Where one client's calls are written down.
final class Ledger: Sendable {
  /// The calls that ended in one interval.
  struct Tally: Equatable, Sendable {
    var successes = 0
    var failures = 0
    var refused = 0

    var calls: Int { successes + failures + refused }

    mutating func add(_ outcome: CallOutcome) {
      switch outcome {
      case .success: successes += 1
      case .failure, .dropped: failures += 1
      case .refused: refused += 1
      }
    }
  }

  fileprivate struct State {
    var client: RunLog.Client
    var inFlight = 0
    var tallies = [Tally](repeating: Tally(), count: IntervalResult.count)
    var finished: [IntervalResult] = []
  }

  private let duration: Duration
  private let state: Guarded<State>

  init(_ policy: ClientPolicy, duration: Duration) {
    self.duration = duration
    state = Guarded(State(client: RunLog.Client(policy: policy)))
  }

  /// Begins a call, unless there are too many.
  func begin(limit: Int) -> Bool {
    state.withLock { state in
      guard state.inFlight < limit else { return false }
      state.inFlight += 1
      return true
    }
  }

  /// Ends a call that was begun.
  func end(_ record: CallRecord) {
    state.withLock { state in
      state.inFlight -= 1
      state.add(record, in: duration)
    }
  }

  /// Notes a call that could not begin.
  func drop(_ record: CallRecord) {
    state.withLock { $0.add(record, in: duration) }
  }

  func note(_ mark: RunLog.Mark) {
    state.withLock { $0.client.marks.append(mark) }
  }

  /// Notes the counters at the end of an interval.
  func note(_ sample: RunLog.Sample) {
    let interval = runningInterval(upTo: sample)
    state.withLock { state in
      state.client.samples.append(sample)
      if let interval { state.finished.append(interval) }
    }
  }

  /// The intervals that are over and the one that runs, oldest first.
  ///
  /// - Parameter sample: The counters of the moment.
  /// - Returns: At most as many as a run has.
  /// - Complexity: O(n log n) in the number of calls that ended in the running interval.
  func intervals(upTo sample: RunLog.Sample) -> [IntervalResult] {
    let running = runningInterval(upTo: sample)
    return state.withLock { $0.finished } + (running.map { [$0] } ?? [])
  }

  /// What happened since the last sample; `nil` if that was the last one of the run.
  private func runningInterval(upTo sample: RunLog.Sample) -> IntervalResult? {
    let samples = state.withLock { $0.client.samples }
    let index = samples.count
    guard index < IntervalResult.count else { return nil }
    let records = records(since: duration * index / IntervalResult.count)
    return IntervalResult(
      records.filter { IntervalResult.index(of: $0.ended, in: duration) == index },
      requests: sample.requests - (samples.last?.requests ?? 0),
      attempts: sample.attempts - (samples.last?.attempts ?? 0),
      endSeconds: (duration * (index + 1) / IntervalResult.count).seconds
    )
  }

  func note(_ counts: RetryAfterCounts) {
    state.withLock { $0.client.retryAfter = counts }
  }

  func note(_ transition: RunLog.Transition) {
    state.withLock { $0.client.transitions.append(transition) }
  }

  /// All that was noted.
  var client: RunLog.Client { state.withLock { $0.client } }

  var transitions: [RunLog.Transition] { state.withLock { $0.client.transitions } }

  var marks: [RunLog.Mark] { state.withLock { $0.client.marks } }

  var inFlight: Int { state.withLock { $0.inFlight } }

  /// One element per interval of the run, oldest first.
  var tallies: [Tally] { state.withLock { $0.tallies } }

  /// The calls that ended since `start`.
  ///
  /// - Complexity: O(n) in the number of those calls.
  func records(since start: Duration) -> [CallRecord] {
    state.withLock { state in
      let records = state.client.records
      guard let last = records.lastIndex(where: { $0.ended < start }) else { return records }
      return Array(records[(last + 1)...])
    }
  }
}

extension Ledger.State {
  fileprivate mutating func add(_ record: CallRecord, in duration: Duration) {
    client.records.append(record)
    tallies[IntervalResult.index(of: record.ended, in: duration)].add(record.outcome)
  }
}
