import Foundation
import ResilienceTesting

/// A client, its own copy of the service, and what is noted of both.
struct Lane: Sendable {
  let client: any UserClient
  let server: FaultServer
  let meter: AttemptMeter
  let ledger: Ledger
  let clock: RunClock
  let callsInFlight: Int

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
