/// One run: the clients, a copy of the service for each, and the time they share.
///
/// The caller ends it with ``close()``, whatever came of it.
final class Run: Sendable {
  let options: Options
  let limits: Limits
  private let schedule: CallSchedule
  private let clock: RunClock
  private let lanes: [Lane]

  /// Starts the services; no call is made yet.
  ///
  /// - Parameters:
  ///   - options: What is run.
  ///   - limits: The settings of the clients; `nil` for those of the scenario.
  ///   - venue: Where.
  /// - Throws: `ListenFailed` if there is no port for a service.
  init(_ options: Options, limits: Limits? = nil, at venue: some Venue = Loopback()) throws {
    let limits = limits ?? options.limits
    let clock = RunClock(venue.timeline)
    self.options = options
    self.limits = limits
    self.clock = clock
    schedule = CallSchedule(rate: options.rate, duration: options.duration, seed: options.seed)
    lanes = try options.policies.map { try Lane($0, options, limits, clock, at: venue) }
  }

  /// Makes all calls, and waits for the last of them.
  ///
  /// - Returns: What was noted.
  /// - Throws: `CancellationError` if the task is cancelled.
  func perform() async throws -> RunLog {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in lanes { group.addTask { try await self.drive(lane) } }
      group.addTask { try await self.conduct() }
      group.addTask { try await self.sample() }
      try await group.waitForAll()
    }
    for lane in lanes { lane.finish() }
    return RunLog(
      options: options,
      limits: limits,
      longestGap: schedule.longestGap,
      clients: lanes.map(\.ledger.client)
    )
  }

  /// What there is to be seen of the run now.
  func snapshot() -> RunSnapshot {
    let now = clock.now
    return RunSnapshot(
      options: options,
      limits: limits,
      elapsed: now,
      clients: lanes.map { RunSnapshot.Client($0, limits, now: now) }
    )
  }

  /// Time since the beginning.
  var elapsed: Duration { clock.now }

  /// Breaks every copy of the service by hand, whatever its phase, until it is called again.
  ///
  /// - Parameter faults: What goes wrong, the first one first; empty to heal.
  func breakByHand(_ faults: [Fault]) {
    for lane in lanes { lane.breakByHand(faults) }
  }

  /// Stops the services and waits until nothing of the run is left.
  func close() async {
    for lane in lanes { await lane.close() }
  }

  /// Starts each call when it is due, in a task of its own.
  private func drive(_ lane: Lane) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for arrival in schedule.arrivals {
        try await clock.sleep(until: arrival.at)
        group.addTask { await lane.perform(arrival) }
      }
    }
    try Task.checkCancellation()
  }

  /// Takes the services from phase to phase.
  private func conduct() async throws {
    let starts = options.scenario.starts(in: options.duration)
    let ends = starts.dropFirst() + [options.duration]
    for (index, (phase, end)) in zip(options.scenario.phases, ends).enumerated() {
      try await clock.sleep(until: starts[index])
      for lane in lanes { lane.enter(phase, index: index, until: end) }
    }
  }

  private func sample() async throws {
    for interval in 1...IntervalResult.count {
      try await clock.sleep(until: options.duration * interval / IntervalResult.count)
      for lane in lanes { lane.sample() }
    }
  }
}
