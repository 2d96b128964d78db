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
      holds: Double(ours) <= Self.loadShare * Double(theirs)
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

  /// The slowest calls, since those that are refused or fail at once are quick for everyone.
  var answersSooner: Finding? {
    guard let bare = witness(.none)?.result.latency,
      let standard = witness(.standard)?.result.latency
    else { return nil }
    let (ours, theirs) = (standard.p99Milliseconds, bare.p99Milliseconds)
    return Finding(
      claim: "99 of 100 of its calls end within three quarters of the time that those of the bare "
        + "client take",
      measured: "\(ours.fixed(0)) ms against \(theirs.fixed(0)) ms",
      holds: ours <= 0.75 * theirs
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
