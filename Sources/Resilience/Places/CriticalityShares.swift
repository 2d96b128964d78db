/// Which share of the places calls of each class of ``Criticality`` may fill.
///
/// With `sheddable` at 0.5, sheddable calls are let in while less than half of the places are taken,
/// by whomever; the rest is kept for what matters more. What a share comes to is rounded down, but
/// is at least one place.
public struct CriticalityShares: Hashable, Sendable {
  /// The share for sheddable calls, in 0...1 and at most that of the next class.
  public var sheddable: Double

  /// The share for sheddable plus calls, in 0...1 and at most that of the next class.
  public var sheddablePlus: Double

  /// The share for critical calls, in 0...1; critical plus calls may fill all places.
  public var critical: Double

  /// Creates shares; without arguments every class may fill all places.
  ///
  /// - Parameters:
  ///   - sheddable: The share for sheddable calls.
  ///   - sheddablePlus: The share for sheddable plus calls.
  ///   - critical: The share for critical calls.
  public init(sheddable: Double = 1, sheddablePlus: Double = 1, critical: Double = 1) {
    self.sheddable = sheddable
    self.sheddablePlus = sheddablePlus
    self.critical = critical
  }

  func validate() throws(InvalidSetting) {
    try check("share for critical calls", critical, in: 0...1)
    try check("share for sheddable plus calls", sheddablePlus, in: 0...critical)
    try check("share for sheddable calls", sheddable, in: 0...sheddablePlus)
  }

  /// The places that each class may fill, one element per class, the least critical one first.
  func limits(of limit: Int) -> [UInt64] {
    [sheddable, sheddablePlus, critical, 1].map { share in
      // A bit more, so that 0.29 of 100 is 29, though 0.29 is a bit less than that.
      let places = UInt64(max(1, Double(limit) * share * (1 + 1e-12)))
      return min(UInt64(limit), places)
    }
  }
}

extension CriticalityShares: CustomStringConvertible {
  /// The shares on one line; `all` when every class may fill all places.
  public var description: String {
    if self == CriticalityShares() { return "all" }
    return "sheddable \(sheddable), sheddable-plus \(sheddablePlus), critical \(critical)"
  }
}
