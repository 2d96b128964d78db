import Foundation
import ResilienceTesting

/// When which call is made: the same for all clients, and the same again for the same seed.
///
/// The load is open: calls begin when it is their time, whether earlier ones have ended or not.
/// Arrivals are a Poisson process, as those of many independent users are: the pauses between them
/// are drawn from an exponential distribution with the mean 1 / rate.
struct CallSchedule: Equatable, Sendable {
  /// One call, and when it is due.
  struct Arrival: Equatable, Sendable {
    let at: Duration
    let call: UserCall
  }

  /// In order of time; none is due at or after the end of the run.
  let arrivals: [Arrival]

  /// The longest time without an arrival, beginning and end of the run included.
  let longestGap: Duration

  /// Draws a schedule.
  ///
  /// - Parameters:
  ///   - rate: Calls per second on average; at least 1.
  ///   - duration: Length of the run.
  ///   - seed: Decides everything that is drawn.
  init(rate: Int, duration: Duration, seed: UInt64) {
    precondition(rate >= 1, "need rate (\(rate)) >= 1")
    var random = SplitMix64(seed: seed)
    var arrivals: [Arrival] = []
    var longestGap = Duration.zero
    var now = Duration.zero
    while true {
      // Whole nanoseconds, since clocks show no others.
      let seconds = -log(1 - .random(in: 0..<1, using: &random)) / Double(rate)
      let gap = Duration.nanoseconds(Int64(seconds * 1e9))
      longestGap = max(longestGap, min(gap, duration - now))
      now += gap
      guard now < duration else { break }
      arrivals.append(Arrival(at: now, call: UserCall(using: &random)))
    }
    self.arrivals = arrivals
    self.longestGap = longestGap
  }
}
