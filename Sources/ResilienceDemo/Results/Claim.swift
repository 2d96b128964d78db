import Foundation

/// Something the demo says of the clients, checked against what was measured.
struct Claim: Codable, Equatable, Sendable {
  let claim: String
  let measured: String
  let holds: Bool
}

extension Claim {
  /// Of the bare client's load on the failing service, the standard one causes at most this part.
  static let loadShare = 0.5

  /// How long a refusal takes at most, for 99 of 100.
  static let refusalMilliseconds = 1.0

  /// The claims about the clients that took part.
  static func all(about log: RunLog, _ results: [ClientResult]) -> [Claim] {
    guard let index = log.clients.firstIndex(where: { $0.policy == .standard }) else { return [] }
    let (client, standard) = (log.clients[index], results[index])
    let bare = results.first { $0.name == ClientPolicy.none.name }
    return [
      staysClosed(log.options.scenario, client),
      bare.map { sparesTheService(log.options.scenario, bare: $0, standard: standard) },
      refusesAtOnce(standard),
      recovers(log, standard),
    ].compactMap(\.self)
  }

  /// 404 and 400 are good answers: nothing but a failing service may open the circuit.
  private static func staysClosed(_ scenario: Scenario, _ client: RunLog.Client) -> Claim {
    let first = client.transitions.first
    let failing = client.marks.first { scenario.phases[$0.phase].isFailing }
    let isClosed = (first?.atSeconds ?? .infinity) >= (failing?.at.seconds ?? 0)
    return Claim(
      claim: "The breaker stays closed while the service is well, with 400 and 404 among the "
        + "answers",
      measured: first.map { "first opened at \($0.atSeconds.fixed(2)) s" } ?? "never opened",
      holds: isClosed
    )
  }

  private static func sparesTheService(
    _ scenario: Scenario,
    bare: ClientResult,
    standard: ClientResult
  ) -> Claim {
    let counter: KeyPath<ClientResult, Int> =
      scenario.reachesService ? \.requestsWhileFailing : \.attemptsWhileFailing
    let (ours, theirs) = (standard[keyPath: counter], bare[keyPath: counter])
    let noun = scenario.reachesService ? "requests" : "attempts"
    let share = Int(loadShare * 100)
    return Claim(
      claim: "The failing service gets at most \(share) % of the \(noun) that the bare client "
        + "sends",
      measured: "\(ours) against \(theirs)",
      holds: Double(ours) <= loadShare * Double(theirs)
    )
  }

  private static func refusesAtOnce(_ standard: ClientResult) -> Claim {
    let latency = standard.undisturbedRefusedLatency
    return Claim(
      claim: "Refused calls end in less than \(refusalMilliseconds.fixed(0)) ms (p99), but for "
        + "those in which the kernel gave the processor to someone else",
      measured: latency.map { undisturbed in
        let all = standard.refusedLatency?.p99Milliseconds ?? undisturbed.p99Milliseconds
        return "\(undisturbed.p99Milliseconds.fixed(3)) ms for \(undisturbed.samples) calls, "
          + "\(all.fixed(3)) ms for all \(standard.refusedAtOnce)"
      } ?? "no such call",
      holds: latency.map { $0.p99Milliseconds < refusalMilliseconds } ?? false
    )
  }

  /// The bound: a probe may be under way when the service recovers, and still fail; then the
  /// circuit is open for one period; then the next call has to arrive, and to be answered.
  private static func recovers(_ log: RunLog, _ standard: ClientResult) -> Claim {
    let bound = log.limits.openFor + log.longestGap + log.limits.attemptTimeout * 2
    let recovery = standard.recoveryMilliseconds
    return Claim(
      claim: "It recovers within \(bound.milliseconds.fixed(0)) ms: one open period, one pause "
        + "between calls, and an attempt before and after",
      measured: recovery.map { "\($0.fixed(1)) ms" } ?? "not at all",
      holds: recovery.map { $0 <= bound.milliseconds } ?? false
    )
  }
}

extension Double {
  /// The number with the given count of digits behind the point.
  func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
