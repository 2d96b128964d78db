import Foundation
import Resilience
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client, its own copy of the service, and what is noted of both.
struct Lane: Sendable {
  let policy: ClientPolicy
  let server: FaultServer
  let meter = AttemptMeter()
  let ledger: Ledger
  private let client: any UserClient
  private let clock: RunClock
  private let callsInFlight: Int

  /// Starts a copy of the service, and makes a client of it.
  ///
  /// - Throws: `ListenFailed` if there is no port for the service.
  init(_ policy: ClientPolicy, _ options: Options, _ limits: Limits, _ clock: RunClock) throws {
    let server = try UserService().start(seed: options.seed)
    let ledger = Ledger(policy, duration: options.duration)
    let stack = PolicyStack(policy, limits, seed: options.seed, meter: meter)
    self.policy = policy
    self.server = server
    self.ledger = ledger
    self.clock = clock
    callsInFlight = limits.callsInFlight
    client =
      policy == .none
      ? BareClient(url: server.url, session: URLSession(configuration: .demo(limits)), meter: meter)
      : PolicyClient(
        url: server.url,
        limits: limits,
        policy: stack.policy,
        repeatsAdditions: policy == .retry ? true : nil
      )
    stack.breaker?.onStateChange { change in
      ledger.note(
        RunLog.Transition(
          from: change.from.description,
          to: change.to.description,
          atSeconds: clock.time(of: change.at).seconds
        )
      )
    }
  }

  /// Makes a call and writes down what came of it.
  func perform(_ arrival: CallSchedule.Arrival) async {
    let began = clock.now
    guard ledger.begin(limit: callsInFlight) else {
      return ledger.drop(
        CallRecord(due: arrival.at, began: began, ended: began, outcome: .dropped)
      )
    }
    let watch = PreemptionWatch()
    let outcome = await outcome(of: arrival.call)
    let ended = clock.now
    ledger.end(
      CallRecord(
        due: arrival.at,
        began: began,
        ended: ended,
        outcome: outcome,
        wasPreempted: watch.hasSeenPreemption
      )
    )
  }

  /// Changes how the service behaves from now on.
  ///
  /// - Parameters:
  ///   - phase: The behaviour.
  ///   - index: Number of the phase.
  func enter(_ phase: Scenario.Phase, index: Int) {
    let (requests, attempts) = (server.requestCount, meter.count)
    server.healAll()
    if let fault = phase.fault { server.inject(fault, phase.scope) }
    ledger.note(
      RunLog.Mark(phase: index, at: clock.now, requests: requests, attempts: attempts)
    )
  }

  /// Notes the counters of the moment.
  func sample() {
    ledger.note(RunLog.Sample(requests: server.requestCount, attempts: meter.count))
  }

  /// Ends the client and the service, and waits for the latter.
  func close() async {
    client.close()
    server.stop()
    await server.stopped()
  }

  private func outcome(of call: UserCall) async -> CallOutcome {
    let attempts = CallAttempts()
    do {
      let reply = try await CallAttempts.$current.withValue(attempts) {
        try await client.send(call)
      }
      return call.isAnswered(by: reply) ? .success : .failure("unexpected reply")
    } catch {
      return CallOutcome(error, attempts: attempts.count)
    }
  }
}
