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

  func note(_ sample: RunLog.Sample) {
    state.withLock { $0.client.samples.append(sample) }
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
