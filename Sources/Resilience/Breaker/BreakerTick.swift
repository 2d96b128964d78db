/// How long successes may be collected in the ``BreakerWord`` before the machine must be told.
///
/// Collected successes are counted as of when collecting began, so they must not be collected past
/// the end of a bucket. Where windows have buckets that do not fit into each other, nothing is
/// collected.
struct BreakerTick: Sendable {
  /// Length of the shortest bucket in nanoseconds, or `nil` when no window has buckets.
  private let length: Int64?
  private let isExact: Bool
  private let isObserved: Bool

  init(_ rule: TripRule, isExact: Bool, isObserved: Bool) {
    self.isObserved = isObserved
    let lengths = rule.node.windows.compactMap(\.bucketLength)
    let shortest = lengths.min()
    length = shortest
    self.isExact = isExact || lengths.contains { $0 % (shortest ?? 1) != 0 }
  }

  /// The first moment after the bucket in which `moment` lies.
  func end(of moment: Moment) -> Int64 {
    guard let length else { return .max }
    let into = moment.nanoseconds % length
    return moment.advanced(byNanoseconds: length - (into < 0 ? into + length : into)).nanoseconds
  }

  /// What the data path must know of `machine`.
  func word(of machine: BreakerMachine) -> BreakerWord {
    BreakerWord(term: machine.term, phase: machine.phase, flags: flags(of: machine))
  }

  private func flags(of machine: BreakerMachine) -> UInt64 {
    let observed = isObserved ? BreakerWord.observed : 0
    var flags = machine.holds.isShadow ? BreakerWord.shadow | observed : observed
    if isExact || machine.phase != .closed { return flags | BreakerWord.exact }
    if machine.settings.slowAfter != nil {
      flags |= BreakerWord.measured
    } else if machine.isIndifferentToSuccess {
      // Shadow or not, a closed circuit refuses nobody.
      return BreakerWord.quiet | observed
    }
    // Failures in a row, and no window: one success told to the machine makes it quiet again.
    if !machine.hasWindows { return flags | BreakerWord.exact }
    return length == nil ? flags : flags | BreakerWord.timed
  }
}
