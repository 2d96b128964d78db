extension Evidence {
  /// How long a refusal takes at most, for half of them.
  static let refusalMilliseconds = 1.0

  /// 404 and 400 are good answers: nothing but a failing service may open the circuit.
  var staysClosed: Finding? {
    guard let standard = witness(.standard) else { return nil }
    let first = standard.log.transitions.first
    let failing = standard.log.marks.first { scenario.phases[$0.phase].isFailing }
    return Finding(
      claim: "The breaker stays closed until the service first fails, with 400 and 404 among the "
        + "answers",
      measured: first.map { "first opened at \($0.atSeconds.fixed(2)) s" } ?? "never opened",
      holds: (first?.atSeconds ?? .infinity) >= (failing?.at.seconds ?? 0)
    )
  }

  /// The median, since on a busy machine it is the kernel that decides about the slowest.
  ///
  /// The time of a simulated world stands still while a call is refused, so that it proves nothing.
  var refusesAtOnce: Finding? {
    guard let standard = witness(.standard)?.result else { return nil }
    if log.options.isSimulated {
      return Finding(
        claim: "Calls are refused, and nothing is sent for them; how long that takes is not "
          + "simulated",
        measured: standard.refusedAtOnce > 0 ? "\(standard.refusedAtOnce) calls" : "no such call",
        holds: standard.refusedAtOnce > 0
      )
    }
    let latency = standard.refusedLatency
    return Finding(
      claim: "Refused calls end in less than \(Self.refusalMilliseconds.fixed(0)) ms (p50)",
      measured: latency.map { all in
        let p99 = (standard.undisturbedRefusedLatency ?? all).p99Milliseconds
        return "\(all.p50Milliseconds.fixed(3)) ms for \(all.samples) calls; p99 "
          + "\(p99.fixed(3)) ms but for those that the kernel interrupted"
      } ?? "no such call",
      holds: latency.map { $0.p50Milliseconds < Self.refusalMilliseconds } ?? false
    )
  }

  /// The bound: a probe may be under way when the service recovers, and still fail; then the
  /// circuit is open for one period, or for as long as the service asked; then the next call has to
  /// arrive, and to be answered.
  var recovers: Finding? {
    guard let standard = witness(.standard)?.result else { return nil }
    let open = max(log.limits.openFor, scenario.longestRetryAfter)
    let bound = open + log.longestGap + log.limits.attemptTimeout * 2
    let recovery = standard.recoveryMilliseconds
    return Finding(
      claim:
        "It recovers within \(bound.milliseconds.fixed(0)) ms, to ten answers in a row: one open "
        + "period, one pause between calls, and an attempt before and after",
      measured: recovery.map { "\($0.fixed(1)) ms" } ?? "not at all",
      holds: recovery.map { $0 <= bound.milliseconds } ?? false
    )
  }

  var followsEachFall: Finding? {
    guard let standard = witness(.standard)?.log else { return nil }
    let falls = standard.marks.filter { scenario.phases[$0.phase].isFailing }.map(\.at.seconds)
    let ends = falls.dropFirst() + [.infinity]
    let followed = zip(falls, ends).count { fall, end in
      let changes = standard.transitions.filter { ($0.atSeconds >= fall) && $0.atSeconds < end }
      return changes.contains { $0.to == "open" } && changes.last?.to == "closed"
    }
    return Finding(
      claim: "The breaker opens at each fall of the service, and has closed before the next",
      measured: "\(followed) of \(falls.count) falls",
      holds: followed == falls.count && !falls.isEmpty
    )
  }

  /// Calls that failed though something was sent: those that are refused do not burden the service.
  var easesIn: Finding? {
    guard let standard = witness(.standard), let breaker = witness(.breaker) else { return nil }
    let (ours, theirs) = (standard.failuresSinceLastChange, breaker.failuresSinceLastChange)
    return Finding(
      claim:
        "With a ramp, at most half as many calls fail after the restart as with a breaker that "
        + "closes after its probes",
      measured: "\(ours) against \(theirs)",
      holds: 2 * ours <= theirs && theirs > 0
    )
  }
}

extension Evidence.Witness {
  /// Calls that were made in vain since the last phase began.
  fileprivate var failuresSinceLastChange: Int {
    log.records.count { record in
      guard case .failure = record.outcome else { return false }
      return record.due >= lastChange
    }
  }
}
