extension Evidence {
  /// Of the bare client's load on the failing service, the standard one causes at most this part.
  static let loadShare = 0.5

  var sparesTheService: Finding? {
    guard let bare = witness(.none)?.result, let standard = witness(.standard)?.result else {
      return nil
    }
    let counter: KeyPath<ClientResult, Int> =
      scenario.reachesService ? \.requestsWhileFailing : \.attemptsWhileFailing
    let (ours, theirs) = (standard[keyPath: counter], bare[keyPath: counter])
    let noun = scenario.reachesService ? "requests" : "attempts"
    return Finding(
      claim: "The failing service gets at most \(percent(Self.loadShare)) of the \(noun) that the "
        + "bare client sends",
      measured: "\(ours) against \(theirs)",
      holds: Double(ours) <= Self.loadShare * Double(theirs) && theirs > 0
    )
  }

  /// From the first fall on, until the end of the run.
  var sendsLessThanNaiveRetries: Finding? {
    guard let naive = witness(.retry), let standard = witness(.standard) else { return nil }
    let (ours, theirs) = (requestsSinceFirstFall(standard), requestsSinceFirstFall(naive))
    return Finding(
      claim:
        "From the first failure on it sends at most half of the requests that naive retries do",
      measured: "\(ours) against \(theirs)",
      holds: 2 * ours <= theirs && theirs > 0
    )
  }

  /// The median: the first calls of a fall wait for their timeouts with either client.
  var answersSooner: Finding? {
    guard let ours = witness(.standard).flatMap(latencyWhileFailing),
      let theirs = witness(.none).flatMap(latencyWhileFailing)
    else { return nil }
    return Finding(
      claim: "While the service fails, half of its calls end within half of the time that those of "
        + "the bare client take",
      measured: "\(ours.p50Milliseconds.fixed(1)) ms against \(theirs.p50Milliseconds.fixed(1)) ms",
      holds: 2 * ours.p50Milliseconds <= theirs.p50Milliseconds
    )
  }

  /// The latency of the calls that were due while the service failed.
  private func latencyWhileFailing(_ witness: Witness) -> Quantiles? {
    let starts = scenario.starts(in: duration)
    let ends = starts.dropFirst() + [duration]
    let falls = zip(scenario.phases, zip(starts, ends)).filter(\.0.isFailing).map { $1.0..<$1.1 }
    return Quantiles(
      witness.log.records
        .filter { record in
          record.outcome != .dropped && falls.contains { $0.contains(record.due) }
        }
        .map(\.latency)
    )
  }

  private func requestsSinceFirstFall(_ witness: Witness) -> Int {
    let fall = witness.log.marks.first { scenario.phases[$0.phase].isFailing }
    return witness.result.requests - (fall?.requests ?? 0)
  }
}

extension Evidence {
  /// A share in per cent.
  func percent(_ share: Double) -> String { "\((share * 100).fixed(0)) %" }
}
