extension Evidence {
  /// Of the calls in the last quarter of a run, naive retries are answered at most this part.
  static let downShare = 0.2

  /// Of the calls since the service was mended, the standard client is answered at least this part.
  static let wellShare = 0.25

  var naiveRetriesKeepItDown: Finding? {
    guard let naive = witness(.retry), let end else { return nil }
    let (well, calls) = naive.answered(dueIn: end)
    return Finding(
      claim: "Naive retries keep the service down: of the calls in the last quarter at most "
        + "\(percent(Self.downShare)) are answered, though nothing is wrong any more",
      measured:
        "\(well) of \(calls), \((end.lowerBound - naive.lastChange).seconds.fixed(1)) s and "
        + "more after it was mended",
      holds: Double(well) <= Self.downShare * Double(calls) && calls > 0
    )
  }

  /// All calls since then, those that are refused until it dares to ask again included.
  var getsTheServiceBack: Finding? {
    guard let standard = witness(.standard) else { return nil }
    let (well, calls) = standard.answered(dueIn: min(standard.lastChange, duration)..<duration)
    return Finding(
      claim: "The standard client gets the service back: of the calls since it was mended at least "
        + "\(percent(Self.wellShare)) are answered",
      measured: "\(well) of \(calls)",
      holds: Double(well) >= Self.wellShare * Double(calls) && calls > 0
    )
  }

  var leavesTheBadReplicaOut: Finding? {
    guard let bare = witness(.none), let standard = witness(.standard),
      let bad = scenario.phases.flatMap(\.faults).compactMap(\.replica).first
    else { return nil }
    let ours = standard.requestsWhileFailing(at: bad - 1)
    let theirs = bare.requestsWhileFailing(at: bad - 1)
    return Finding(
      claim: "Replica \(bad) gets at most half of the requests while it fails that taking turns "
        + "sends it",
      measured: "\(ours) against \(theirs)",
      holds: 2 * ours <= theirs && theirs > 0
    )
  }

  /// Additions are not repeated, so that some fail until the replica is left out.
  var hidesTheBadReplica: Finding? {
    guard let bare = witness(.none)?.result, let standard = witness(.standard)?.log else {
      return nil
    }
    // What the bulkhead refuses while the machine is busy has nothing to do with the replica; what
    // the breaker refuses has.
    let ours = standard.records.count { record in
      record.outcome != .success && !(record.outcome == .refused && record.lackedPlace)
    }
    return Finding(
      claim:
        "At most a quarter as many of its calls fail, or are refused by the breaker, as of the "
        + "bare client's fail",
      measured: "\(ours) against \(bare.failures)",
      holds: 4 * ours <= bare.failures && bare.failures > 0
    )
  }

  var honoursRetryAfter: Finding? {
    guard let standard = witness(.standard)?.result.retryAfter else { return nil }
    let naive = witness(.retry).map { "; naive retries: \($0.result.retryAfter.early) too early" }
    return Finding(
      claim: "The standard client repeats no call before the time that Retry-After asked for",
      measured: "told to wait \(standard.asked) times, \(standard.early) retries too early, "
        + "\(standard.honoured) after it" + (naive ?? ""),
      holds: standard.early == 0 && standard.honoured > 0
    )
  }
}
