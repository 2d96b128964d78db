import Foundation
import Resilience
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One run: both clients, both copies of the service, and the time they share.
///
/// The caller ends it with ``close()``, whatever came of it.
final class Run: Sendable {
  let options: Options
  let limits: Limits
  private let schedule: CallSchedule
  private let clock: RunClock
  private let bare: Lane
  private let protected: Lane
  private let breaker: CircuitBreaker
  private let transitions = Guarded<[RunLog.Transition]>([])

  /// Starts the services; no call is made yet.
  ///
  /// - Throws: `ListenFailed` if there is no port for a service.
  init(_ options: Options) throws {
    self.options = options
    let limits = Limits(duration: options.duration)
    let seed = options.seed
    schedule = CallSchedule(rate: options.rate, duration: options.duration, seed: seed)
    let (bareMeter, bareServer) = (AttemptMeter(), try UserService().start(seed: seed))
    let (meter, server) = (AttemptMeter(), try UserService().start(seed: seed))
    let client = ProtectedClient(url: server.url, limits: limits, seed: seed, meter: meter)
    let clock = RunClock()
    bare = Lane(
      client: BareClient(
        url: bareServer.url,
        session: URLSession(configuration: .demo(limits)),
        meter: bareMeter
      ),
      server: bareServer,
      meter: bareMeter,
      ledger: Ledger(duration: options.duration),
      clock: clock,
      callsInFlight: limits.callsInFlight
    )
    protected = Lane(
      client: client,
      server: server,
      meter: meter,
      ledger: Ledger(duration: options.duration),
      clock: clock,
      callsInFlight: limits.callsInFlight
    )
    self.limits = limits
    self.clock = clock
    breaker = client.breaker
    breaker.onStateChange { [weak self] in self?.note($0) }
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
    return RunLog(
      options: options,
      limits: limits,
      longestGap: schedule.longestGap,
      bare: bare.ledger.lane,
      protected: protected.ledger.lane,
      transitions: transitions.withLock { $0 }
    )
  }

  /// What there is to be seen of the run now.
  func snapshot() -> RunSnapshot {
    let now = clock.now
    return RunSnapshot(
      options: options,
      limits: limits,
      elapsed: now,
      marks: protected.ledger.marks,
      transitions: transitions.withLock { $0 },
      bare: RunSnapshot.Client(bare, now: now),
      protected: RunSnapshot.Client(protected, now: now)
    )
  }

  /// Stops the services and waits until nothing of the run is left.
  func close() async {
    for lane in lanes { await lane.close() }
  }

  private var lanes: [Lane] { [bare, protected] }

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
    for (index, phase) in options.scenario.phases.enumerated() {
      try await clock.sleep(until: starts[index])
      for lane in lanes { lane.enter(phase, index: index) }
    }
  }

  private func sample() async throws {
    for interval in 1...IntervalResult.count {
      try await clock.sleep(until: options.duration * interval / IntervalResult.count)
      for lane in lanes { lane.sample() }
    }
  }

  private func note(_ change: BreakerTransition) {
    let transition = RunLog.Transition(
      from: change.from.description,
      to: change.to.description,
      atSeconds: clock.time(of: change.at).seconds
    )
    transitions.withLock { $0.append(transition) }
  }
}
