/// How long successes may be collected in the ``BreakerWord`` before the machine must be told.
///
/// Collected successes are counted as of when collecting began, so they must not be collected past
/// the end of a bucket. Where windows have buckets that do not fit into each other, nothing is
/// collected.
struct BreakerTick: Sendable {
  /// Length of the shortest bucket in nanoseconds, or `nil` when no window has buckets.
  private let length: Int64?
  private let isUneven: Bool

  /// - Parameter lengths: Those of the buckets of each window that has buckets, in nanoseconds.
  init(_ lengths: [Int64]) {
    let shortest = lengths.min()
    length = shortest
    isUneven = lengths.contains { $0 % (shortest ?? 1) != 0 }
  }

  /// The first moment after the bucket in which `moment` lies.
  func end(of moment: Moment) -> Int64 {
    guard let length else { return .max }
    let into = moment.nanoseconds % length
    return moment.advanced(byNanoseconds: length - (into < 0 ? into + length : into)).nanoseconds
  }

  /// What the data path must know of `machine` in its surroundings.
  func word(of machine: BreakerMachine, in surroundings: BreakerSurroundings) -> BreakerWord {
    var flags = flags(of: machine, isExact: surroundings.isExact || isUneven)
    if machine.plan.usesChance { flags |= BreakerWord.chance }
    if surroundings.observer != nil { flags |= BreakerWord.observed }
    return BreakerWord(term: machine.term, phase: machine.phase, flags: flags)
  }

  private func flags(of machine: BreakerMachine, isExact: Bool) -> UInt64 {
    var flags = machine.holds.isShadow ? BreakerWord.shadow : 0
    if isExact || machine.phase != .closed { return flags | BreakerWord.exact }
    if machine.plan.choices.slowAfter != nil {
      flags |= BreakerWord.measured
    } else if machine.isIndifferentToSuccess {
      // Shadow or not, a closed circuit refuses nobody.
      return BreakerWord.quiet
    }
    // Failures in a row, and no window: one success told to the machine makes it quiet again.
    if !machine.hasWindows { return flags | BreakerWord.exact }
    return length == nil ? flags : flags | BreakerWord.timed
  }
}
