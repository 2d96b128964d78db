internal import Resilience

/// What all connections of a server share: routes, injected faults and the log.
final class Service: Sendable {
  let limits: ServerLimits
  private let router: Router
  private let origin = ContinuousClock.now
  private let script: Guarded<FaultScript>
  private let log: Guarded<ExchangeLog>
  private let meetings = MeetingPoint()
  private let sent = Guarded(0)

  init(routes: [Route], seed: UInt64, limits: ServerLimits) {
    self.limits = limits
    router = Router(routes: routes)
    script = Guarded(FaultScript(seed: seed))
    log = Guarded(ExchangeLog(limit: limits.loggedExchanges))
  }

  /// Time since the server's start.
  var now: Duration { origin.duration(to: .now) }

  // MARK: Faults

  func inject(
    _ fault: ServerFault,
    _ scope: FaultScope,
    where filter: FaultScript.Filter?
  ) -> FaultScript.ID {
    let now = now
    return script.withLock { $0.inject(fault, scope, where: filter, at: now) }
  }

  func heal(_ id: FaultScript.ID) { script.withLock { $0.heal(id) } }

  func healAll() { script.withLock { $0.healAll() } }

  func isHealed(_ id: FaultScript.ID) -> Bool { script.withLock { $0.isHealed(id) } }

  func hits(of id: FaultScript.ID) -> Int { script.withLock { $0.hits(of: id) } }

  func outage() -> FaultScript.Outage {
    let now = now
    return script.withLock { $0.outage(at: now) }
  }

  func refusesConnection() -> Bool {
    let now = now
    return script.withLock { $0.refusesConnection(at: now) }
  }

  /// Runs the filters, which are foreign code, outside the lock.
  private func decide(about request: ServerRequest) -> FaultScript.Decision {
    let rules = script.withLock { $0.rules }
    guard !rules.isEmpty else { return FaultScript.Decision() }
    let matching = rules.filter { $0.filter?(request) ?? true }.map(\.id)
    let now = now
    return script.withLock { $0.decide(among: matching, at: now) }
  }

  // MARK: Log

  var counts: ExchangeLog.Counts { log.withLock { $0.counts } }

  var exchanges: [ServerExchange] { log.withLock { $0.exchanges } }

  func begin(_ request: ServerRequest) -> Int {
    let start = ContinuousClock.now
    let number = log.withLock { $0.begin(request, at: start) }
    meetings.reach(number)
    return number
  }

  func settle(_ number: Int, as outcome: ServerExchange.Outcome) {
    log.withLock { $0.settle(number, as: outcome) }
  }

  /// Bytes that the system has taken from all connections.
  var sentBytes: Int { sent.withLock { $0 } }

  func noteSent(_ bytes: Int) { sent.withLock { $0 += bytes } }

  func noteMalformed() { log.withLock { $0.noteMalformed() } }

  /// Waits until `count` requests have begun, the server has stopped, or the task is cancelled.
  func requests(atLeast count: Int) async { await meetings.wait(for: count) }

  /// Lets everyone go who waits for requests.
  func endMeetings() { meetings.reach(.max) }

  // MARK: Replies

  /// Decides what one request is answered with, away from the server's queue.
  ///
  /// - Returns: The reply, or nil if the task was cancelled before there was one.
  @concurrent func reply(to request: ServerRequest) async -> Reply? {
    let form = ResponseSerializer(to: request)
    let decision = decide(about: request)
    do {
      if decision.latency > .zero {
        try await Task.sleep(for: min(decision.latency, Self.longestSleep))
      }
      if let hit = decision.terminal, let reply = Reply(hit, as: form) { return reply }
      let response = try await router.respond(to: request)
      return Reply(response, as: form, spoiltBy: decision.terminal?.fault)
    } catch {
      return nil
    }
  }

  /// About 34 years; longer sleeps overflow the clocks of some systems.
  private static let longestSleep = Duration.seconds(1 << 30)
}
