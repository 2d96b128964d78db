/// What a half-open circuit has seen of its callee, as a value.
struct Recovery: Hashable, Sendable {
  struct Probe: Hashable, Sendable {
    let number: UInt32
    let leaseEnd: Moment
  }

  enum Decision {
    case undecided, passed, failed
  }

  /// Since when the circuit is half-open.
  let since: Moment
  /// 0 while probing, then the number of the ramp's step.
  let step: Int
  /// The probes that run, oldest first; none on the ramp, where nothing is numbered.
  private(set) var probes: [Probe] = []
  private(set) var successes = 0
  private(set) var failures = 0
  /// Number of the latest probe; the first one is 1.
  private var latest: UInt32 = 0

  init(since: Moment, step: Int) {
    self.since = since
    self.step = step
  }

  /// Takes away the places of probes whose lease is over.
  mutating func reclaim(at now: Moment) {
    probes.removeAll { $0.leaseEnd <= now }
  }

  mutating func begin(leaseEnd: Moment) -> UInt32 {
    // The largest number stands for a call that is not counted.
    latest = latest == .max - 1 ? 1 : latest + 1
    probes.append(Probe(number: latest, leaseEnd: leaseEnd))
    return latest
  }

  /// Ends a probe.
  ///
  /// - Returns: Whether its place was still its own.
  mutating func end(_ number: UInt32) -> Bool {
    guard let index = probes.firstIndex(where: { $0.number == number }) else { return false }
    probes.remove(at: index)
    return true
  }

  mutating func count(success: Bool) {
    if success { successes += 1 } else { failures += 1 }
  }

  func decision(by passing: HalfOpenSettings.Passing) -> Decision {
    switch passing {
    case .successes(let n):
      if failures > 0 { return .failed }
      return successes >= n ? .passed : .undecided
    case .successRate(let rate, let outcomes):
      // The fewest successes that reach the rate; the division is exact where the rate is.
      let needed = (0...outcomes).first { Double($0) / Double(outcomes) >= rate } ?? outcomes
      if successes >= needed { return .passed }
      return failures > outcomes - needed ? .failed : .undecided
    }
  }
}
