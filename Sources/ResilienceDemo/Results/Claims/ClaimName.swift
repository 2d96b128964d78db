/// What a scenario can claim; the name is what scenario files say.
enum ClaimName: String, CaseIterable, Codable, Sendable {
  /// The breaker stays closed until the service first fails.
  case staysClosed = "stays-closed"

  /// The standard client sends a failing service much less than the bare one.
  case sparesTheService = "spares-the-service"

  /// Refusals take no time; in a simulated world, where all do, that there are some.
  case refusesAtOnce = "refuses-at-once"

  /// The standard client is back soon after the service is.
  case recovers

  /// While the service fails, most calls of the standard client end sooner than those of the bare one.
  case answersSooner = "answers-sooner"

  /// The breaker opens at each fall of the service and closes again before the next.
  case followsEachFall = "follows-each-fall"

  /// After the cause is gone, naive retries keep the service down.
  case naiveRetriesKeepItDown = "naive-retries-keep-it-down"

  /// The standard client sends much less than the naive one.
  case sendsLessThanNaiveRetries = "sends-less-than-naive-retries"

  /// The standard client is answered again when the service has been mended.
  case getsTheServiceBack = "gets-the-service-back"

  /// The standard client sends much less to a bad replica.
  case leavesTheBadReplicaOut = "leaves-the-bad-replica-out"

  /// Few calls of the standard client fail because of a bad replica.
  case hidesTheBadReplica = "hides-the-bad-replica"

  /// The standard client repeats nothing before Retry-After is over.
  case honoursRetryAfter = "honours-retry-after"

  /// The ramp lets the standard client relapse less than a breaker that closes at once.
  case easesIn = "eases-in"

  /// Checks the claim.
  ///
  /// - Parameter evidence: What was measured.
  /// - Returns: The claim; `nil` if a client that it is about did not take part.
  func check(_ evidence: Evidence) -> Claim? {
    let finding =
      switch self {
      case .staysClosed: evidence.staysClosed
      case .sparesTheService: evidence.sparesTheService
      case .refusesAtOnce: evidence.refusesAtOnce
      case .recovers: evidence.recovers
      case .answersSooner: evidence.answersSooner
      case .followsEachFall: evidence.followsEachFall
      case .naiveRetriesKeepItDown: evidence.naiveRetriesKeepItDown
      case .sendsLessThanNaiveRetries: evidence.sendsLessThanNaiveRetries
      case .getsTheServiceBack: evidence.getsTheServiceBack
      case .leavesTheBadReplicaOut: evidence.leavesTheBadReplicaOut
      case .hidesTheBadReplica: evidence.hidesTheBadReplica
      case .honoursRetryAfter: evidence.honoursRetryAfter
      case .easesIn: evidence.easesIn
      }
    return finding.map {
      Claim(name: self, claim: $0.claim, measured: $0.measured, holds: $0.holds)
    }
  }
}
