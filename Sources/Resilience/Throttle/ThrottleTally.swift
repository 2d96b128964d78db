/// How many calls of each class were made, and how many of them the callee took.
///
/// A call counts when it has ended, or when it is refused; so `accepts` never exceeds `requests`.
struct ThrottleTally: Hashable, Sendable {
  /// A number per class of criticality, the least critical first.
  typealias Counts = SIMD4<Int>

  /// Calls that ended or were refused.
  private(set) var requests = Counts()

  /// Calls that the callee took.
  private(set) var accepts = Counts()

  /// One call.
  init(_ criticality: Criticality, isAccepted: Bool) {
    requests[criticality.lane] = 1
    accepts[criticality.lane] = isAccepted ? 1 : 0
  }
}

extension ThrottleTally: RollingTally {
  init() {}

  static func += (lhs: inout Self, rhs: Self) {
    lhs.requests &+= rhs.requests
    lhs.accepts &+= rhs.accepts
  }

  static func -= (lhs: inout Self, rhs: Self) {
    lhs.requests &-= rhs.requests
    lhs.accepts &-= rhs.accepts
  }
}

extension Criticality {
  /// Where the class stands in ``ThrottleTally/Counts``.
  var lane: Int { Int(rawValue) }
}
