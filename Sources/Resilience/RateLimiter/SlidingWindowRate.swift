/// So many permits in any span of a length: a log of those taken, the oldest forgotten as it leaves.
///
/// A permit that was taken at *t* can be had again at *t* + per. So every half-open span of that
/// length, wherever it begins, sees at most `permits`: exactly, not by an estimate.
///
/// - Complexity: O(1) amortised per permit. Permits taken at the same moment are one entry of
///   16 bytes; there are at most `permits`, in a ring that doubles as it grows.
struct SlidingWindowRate: RateMachine {
  private let permits: Int
  private let per: Int64
  private var log = RateLog()
  /// The sum of the log.
  private var used = 0

  /// Creates a machine from which nothing has been taken.
  ///
  /// - Parameters:
  ///   - permits: How many permits a span has. At least 1.
  ///   - per: The length of the span in nanoseconds. Positive.
  init(permits: Int, per: Int64) {
    self.permits = permits
    self.per = per
  }

  private init(permits: Int, per: Int64, log: RateLog, used: Int) {
    self.init(permits: permits, per: per)
    self.log = log
    self.used = used
  }

  /// The same past under another limit.
  func resized(permits: Int, per: Int64) -> SlidingWindowRate {
    SlidingWindowRate(permits: permits, per: per, log: log, used: used)
  }

  var capacity: Int { permits }

  func earliest(_ weight: Int, at now: Moment) -> Moment {
    var moment = now
    var excess = used + weight - permits
    var index = 0
    while excess > 0 {
      moment = end(of: log[index])
      excess -= log[index].weight
      index += 1
    }
    return max(now, moment)
  }

  mutating func take(_ weight: Int, at moment: Moment) {
    while log.count > 0, end(of: log[0]) <= moment { used -= log.removeFirst().weight }
    log.append(RateLog.Entry(moment: moment, weight: weight))
    used += weight
  }

  func available(at now: Moment) -> Int {
    var inside = used
    var index = 0
    while index < log.count, end(of: log[index]) <= now {
      inside -= log[index].weight
      index += 1
    }
    return max(0, permits - inside)
  }

  private func end(of entry: RateLog.Entry) -> Moment {
    entry.moment.advanced(byNanoseconds: per)
  }
}
