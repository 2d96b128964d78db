/// What an adaptive throttle knows at one instant.
public struct ThrottleSnapshot: Hashable, Sendable {
  /// The calls of one class, or of all.
  public struct Calls: Hashable, Sendable {
    /// Calls that ended, or were refused, within the window.
    public let requests: Int

    /// How many of them the callee accepted.
    public let accepts: Int

    /// With what probability the next one is refused, in 0 ..< 1.
    ///
    /// Of all classes together it is the share that is to be refused; which calls these are depends
    /// on their classes.
    public let rejectionProbability: Double
  }

  private let shedding: Shedding

  init(_ shedding: Shedding) {
    self.shedding = shedding
  }

  /// The calls of all classes together.
  public var all: Calls {
    Calls(
      requests: shedding.tally.requests.wrappedSum(),
      accepts: shedding.tally.accepts.wrappedSum(),
      rejectionProbability: shedding.share
    )
  }

  /// The calls of one class.
  public subscript(criticality: Criticality) -> Calls {
    Calls(
      requests: shedding.tally.requests[criticality.lane],
      accepts: shedding.tally.accepts[criticality.lane],
      rejectionProbability: shedding.share(of: criticality)
    )
  }
}

extension ThrottleSnapshot: CustomStringConvertible {
  /// All calls, and the classes that have had any, on one line.
  public var description: String {
    let classes = Criticality.allCases.filter { self[$0].requests > 0 }
    return (["\(all)"] + classes.map { "\($0) \(self[$0])" }).joined(separator: "; ")
  }
}

extension ThrottleSnapshot.Calls: CustomStringConvertible {
  /// Such as `60 of 100 accepted, refusing 12 %`.
  public var description: String {
    let percent = Int((rejectionProbability * 100).rounded())
    return "\(accepts) of \(requests) accepted, refusing \(percent) %"
  }
}
