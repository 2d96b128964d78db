private import Foundation
public import Resilience

/// What became of a load, as time series.
public struct LoadReport: Sendable {
  /// What happened within one interval.
  public struct Interval: Sendable {
    /// When it began, since the load did.
    public let begin: Duration

    /// Calls that began.
    public internal(set) var offered = 0

    /// Calls that reached the callee, repeated ones included; 0 if no callee was given.
    public internal(set) var attempted = 0

    /// Calls that ended well.
    public internal(set) var succeeded = 0

    /// Calls that a policy refused, ending with a `Rejection`.
    public internal(set) var refused = 0

    /// Calls that ended with any other error.
    public internal(set) var failed = 0

    /// How long the calls took that ended well, shortest first, one element per call.
    public internal(set) var latencies: [Duration] = []

    /// The states of the breakers at the end of the interval, in the order in which they were given.
    public internal(set) var breakers: [BreakerState] = []

    /// How many calls reached the callee for each that began; `nil` when none began.
    public var amplification: Double? {
      offered > 0 ? Double(attempted) / Double(offered) : nil
    }

    /// The time within which a share of the successful calls ended; `nil` if there were none.
    ///
    /// - Parameter share: In 0...1, such as 0.5 for the median.
    /// - Returns: The latency of one of the calls.
    public func latency(_ share: Double) -> Duration? { latencies.quantile(share) }
  }

  /// The length of an interval.
  public let width: Duration

  /// The intervals, one after the other, each of the same length; the last ones may lie after the
  /// end of the load, when calls still ended.
  public let intervals: [Interval]

  /// All intervals in one, with the breakers of the last one.
  public var total: Interval {
    var total = Interval(begin: .zero)
    for interval in intervals { total.add(interval) }
    total.latencies.sort()
    return total
  }

  /// The intervals that begin within a span, in one.
  ///
  /// - Parameters:
  ///   - begin: When the span begins, since the load did.
  ///   - end: When it ends.
  /// - Returns: The sum; its breakers are those of the last interval.
  public func total(from begin: Duration, to end: Duration) -> Interval {
    var total = Interval(begin: begin)
    for interval in intervals where begin <= interval.begin && interval.begin < end {
      total.add(interval)
    }
    total.latencies.sort()
    return total
  }
}

extension LoadReport.Interval {
  fileprivate mutating func add(_ other: Self) {
    offered += other.offered
    attempted += other.attempted
    succeeded += other.succeeded
    refused += other.refused
    failed += other.failed
    latencies += other.latencies
    breakers = other.breakers
  }
}

extension LoadReport: CustomStringConvertible {
  /// The time series as a table, one line per interval.
  public var description: String {
    let titles = ["from", "offered", "attempted", "good", "refused", "failed", "p50", "p99"]
    let rows = intervals.map { interval in
      [
        "\(Int(interval.begin / .seconds(1))) s",
        "\(interval.offered)", "\(interval.attempted)", "\(interval.succeeded)",
        "\(interval.refused)", "\(interval.failed)",
        Self.milliseconds(interval.latency(0.5)), Self.milliseconds(interval.latency(0.99)),
      ]
    }
    return zip([titles] + rows, ["breakers"] + intervals.map(\.breakerText))
      .map { cells, states in
        let cells = cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }
        return states.isEmpty ? cells.joined() : cells.joined() + "  " + states
      }
      .joined(separator: "\n")
  }

  private static func milliseconds(_ duration: Duration?) -> String {
    duration.map { "\(Int(($0 / .milliseconds(1)).rounded())) ms" } ?? "–"
  }
}

extension LoadReport.Interval {
  fileprivate var breakerText: String { breakers.map(\.description).joined(separator: ", ") }
}

extension [Duration] {
  /// The element below or at which a share of the sorted elements lie.
  fileprivate func quantile(_ share: Double) -> Duration? {
    guard !isEmpty else { return nil }
    let rank = (Swift.min(Swift.max(share, 0), 1) * Double(count)).rounded(.up)
    return self[Swift.max(0, Int(rank) - 1)]
  }
}
