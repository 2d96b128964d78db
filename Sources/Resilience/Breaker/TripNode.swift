/// A ``TripRule`` as a tree.
indirect enum TripNode: Sendable {
  enum Trait: Sendable {
    case failed, slow
  }

  case consecutiveFailures(Int)
  case rate(Trait, Double, CallWindow, minimumCalls: Int)
  case failures(Int, CallWindow)
  case openChildren(Double, atLeast: Int)
  case custom(String, CallWindow, @Sendable (TripReading) -> Bool)
  case any(TripNode, TripNode)
  case all(TripNode, TripNode)

  /// The windows the rule needs, each once.
  var windows: [CallWindow] {
    switch self {
    case .consecutiveFailures, .openChildren: []
    case .rate(_, _, let window, _), .failures(_, let window), .custom(_, let window, _): [window]
    case .any(let lhs, let rhs), .all(let lhs, let rhs):
      lhs.windows + rhs.windows.filter { !lhs.windows.contains($0) }
    }
  }

  /// Whether some part of the rule is of the given kind.
  func contains(where isOfKind: (TripNode) -> Bool) -> Bool {
    switch self {
    case .any(let lhs, let rhs), .all(let lhs, let rhs):
      lhs.contains(where: isOfKind) || rhs.contains(where: isOfKind)
    default: isOfKind(self)
    }
  }

  /// Whether the rule calls code of the user.
  var isCustom: Bool { contains { if case .custom = $0 { true } else { false } } }

  /// Whether the rule looks at how long calls take.
  var looksAtSlowness: Bool {
    contains {
      if case .rate(.slow, _, _, _) = $0 { true } else { false }
    }
  }

  /// Whether the rule trips on what was counted.
  func isMet(by count: some TripCount) -> Bool {
    switch self {
    case .consecutiveFailures(let n):
      // Failures in a row are counted up to a number that nobody means to reach.
      return count.consecutiveFailures >= min(n, BreakerMachine.mostFailures)
    case .rate(let trait, let rate, let window, let minimum):
      let tally = count.tally(of: window)
      return tally.calls >= minimum && tally.rate(of: trait) >= rate
    case .failures(let n, let window):
      return count.tally(of: window).failures >= n
    case .openChildren(let share, let minimum):
      let (open, all) = (count.children.open, count.children.all)
      return open >= max(1, minimum) && Double(open) >= share * Double(all)
    case .custom(_, let window, let condition):
      let reading = TripReading(
        consecutiveFailures: count.consecutiveFailures,
        window: count.tally(of: window)
      )
      return condition(reading)
    case .any(let lhs, let rhs):
      return lhs.isMet(by: count) || rhs.isMet(by: count)
    case .all(let lhs, let rhs):
      return lhs.isMet(by: count) && rhs.isMet(by: count)
    }
  }

  func validate() throws(InvalidSetting) {
    switch self {
    case .consecutiveFailures(let n):
      try check("consecutive failures", n, atLeast: 1)
    case .rate(let trait, let rate, let window, let minimum):
      try check(trait == .failed ? "failure rate" : "slow-call rate", rate, in: 0...1)
      try window.validate()
      try check("minimum calls", minimum, in: 1...window.largestCount)
    case .failures(let n, let window):
      try window.validate()
      try check("failures", n, in: 1...window.largestCount)
    case .openChildren(let share, let minimum):
      try check("share of open children", share, in: 0...1)
      try check("open children", minimum, atLeast: 1)
    case .custom(_, let window, _):
      try window.validate()
    case .any(let lhs, let rhs), .all(let lhs, let rhs):
      try lhs.validate()
      try rhs.validate()
    }
  }
}

/// What a rule is decided by.
protocol TripCount {
  var consecutiveFailures: Int { get }
  var children: OpenChildren { get }
  func tally(of window: CallWindow) -> CallTally
}

/// How many of a breaker's children are open.
struct OpenChildren: Hashable, Sendable {
  var open = 0
  var all = 0
}

extension CallWindow {
  /// The most calls that the window can hold.
  fileprivate var largestCount: Int {
    if case .lastCalls(let size) = self { size } else { .max }
  }
}

extension CallTally {
  fileprivate func rate(of trait: TripNode.Trait) -> Double {
    switch trait {
    case .failed: failureRate
    case .slow: slowCallRate
    }
  }
}

extension TripNode: CustomStringConvertible {
  var description: String {
    switch self {
    case .consecutiveFailures(let n): "\(n) failures in a row"
    case .rate(let trait, let rate, let window, let minimum):
      "\(Percent(rate)) of at least \(minimum) calls in \(window) \(trait.verb)"
    case .failures(let n, let window): "\(n) calls in \(window) failed"
    case .openChildren(let share, let minimum):
      "\(Percent(share)) of the children, at least \(minimum), are open"
    case .custom(let name, let window, _): "\(name) in \(window)"
    case .any(let lhs, let rhs): "\(lhs), or \(rhs)"
    case .all(let lhs, let rhs): "(\(lhs)) and (\(rhs))"
    }
  }
}

extension TripNode.Trait {
  fileprivate var verb: String {
    switch self {
    case .failed: "failed"
    case .slow: "were slow"
    }
  }
}

/// A share of 0...1 in per cent, without needless digits.
struct Percent: CustomStringConvertible {
  private let share: Double

  init(_ share: Double) {
    self.share = share
  }

  var description: String {
    guard abs(share) < 1_000_000 else { return "\(share * 100) %" }
    let tenths = (share * 1_000).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
  }
}
