@testable import Resilience

/// The most that a limit may let through in a span, by its definition and not by its machine.
struct RateBound {
  let limit: RateLimit

  /// The most in a closed span of this many nanoseconds: rate × span + burst.
  func most(in length: Int64) -> Int {
    let span = limit.span
    switch limit.kind {
    case .tokenBucket(let burst): return burst + Int(length / limit.interval)
    case .smooth: return 1 + Int(length / limit.interval)
    case .fixedWindow: return limit.permits * (Int((length + span - 1) / span) + 1)
    // A half-open span of one length holds one quota; what is a whole length later is outside it.
    case .slidingWindow: return limit.permits * (Int(length / span) + 1)
    }
  }

  /// The first span between two admissions that saw too much; every span is looked at.
  func violation(in admissions: [(at: Int64, weight: Int)]) -> String? {
    for first in admissions.indices {
      var sum = 0
      for last in first..<admissions.count {
        sum += admissions[last].weight
        let length = admissions[last].at - admissions[first].at
        if sum > most(in: length) {
          return "\(limit): \(sum) permits within \(length) ns from \(admissions[first].at) on"
        }
      }
    }
    return nil
  }

  /// One limit of each kind, with intervals of microseconds.
  static let limits: [RateLimit] = [
    .tokenBucket(10, per: .microseconds(10), burst: 4),
    .tokenBucket(7, per: .microseconds(10)),
    .smooth(3, per: .microseconds(10)),
    .smooth(3, per: .microseconds(10), warmUp: .microseconds(50)),
    .fixedWindow(5, per: .microseconds(10)),
    .slidingWindow(5, per: .microseconds(10)),
  ]
}
