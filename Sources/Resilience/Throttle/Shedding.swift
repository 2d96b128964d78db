/// What share of the calls of each class is to be turned away, by the calls in the window.
///
/// Over all classes it is, for *R* requests of which *A* were accepted, and the ratio *K*,
///
///     p = max(0, (R - K·A) / (R + 1))
///
/// The p·R calls that this is are taken from the least critical class upward: of a class,
///
///     P = (p·R - requests of the classes below) / requests of the class, within 0...limit
///
/// So with 20 sheddable and 80 critical requests of which 35 were accepted, p·R is 29.7: all
/// sheddable calls are to be turned away, up to the limit, and 12 % of the critical ones.
///
/// No share exceeds the limit, which is below 1: no class is ever locked out, and recovery is seen.
/// Where a class has a share above zero, every class below it has the limit.
///
/// ## Source
/// Cheng, A. C. & Beyer, B. (2016). [Handling
/// overload](https://sre.google/sre-book/handling-overload/), in *Site Reliability Engineering*,
/// sections “Client-side throttling” and “Criticality”.
struct Shedding: Hashable, Sendable {
  /// What it was computed from.
  let tally: ThrottleTally
  private let limit: Double

  /// The calls that are to be turned away, of as many as are in the window.
  private let excess: Double

  /// The share over all classes together, in 0...limit.
  let share: Double

  init(_ tally: ThrottleTally, _ settings: ThrottleSettings) {
    self.tally = tally
    limit = settings.maxRejection
    let requests = tally.requests.wrappedSum()
    guard requests >= settings.minimumRequests, limit > 0 else {
      (excess, share) = (0, 0)
      return
    }
    let probability = Self.probability(
      requests: requests,
      accepts: tally.accepts.wrappedSum(),
      ratio: settings.ratio
    )
    excess = probability * Double(requests)
    share = min(limit, probability)
  }

  /// Whether any call is to be turned away.
  var isAny: Bool { share > 0 }

  /// The share of the calls of a class, in 0...limit.
  func share(of criticality: Criticality) -> Double {
    var rest = excess
    for lane in 0..<criticality.lane { rest -= Double(tally.requests[lane]) }
    guard rest > 0 else { return 0 }
    // Of a class without requests, whose calls would come before those that are turned away, it is
    // the limit: the quotient is infinite.
    return min(limit, rest / Double(tally.requests[criticality.lane]))
  }

  /// The formula, in 0 ..< 1.
  static func probability(requests: Int, accepts: Int, ratio: Double) -> Double {
    max(0, (Double(requests) - ratio * Double(accepts)) / (Double(requests) + 1))
  }
}
