public import Resilience

/// When calls reached a callee, oldest first.
public struct CallLog: Sendable {
  private var nanoseconds: [Int64] = []

  /// Creates an empty log.
  public init() {}

  /// The number of calls.
  public var count: Int { nanoseconds.count }

  /// The calls, one element per call, oldest first.
  public var moments: [Moment] { nanoseconds.map { Moment(nanoseconds: $0) } }

  /// Notes a call.
  ///
  /// - Parameter moment: Not before the last call.
  public mutating func add(_ moment: Moment) {
    precondition(moment.nanoseconds >= nanoseconds.last ?? .min, "calls are noted in their order")
    nanoseconds.append(moment.nanoseconds)
  }

  /// How many calls there were from `begin` on, and before `end`.
  ///
  /// - Complexity: O(log n), n being the number of calls.
  public func count(from begin: Duration, to end: Duration) -> Int {
    max(0, index(of: Moment(end)) - index(of: Moment(begin)))
  }

  /// The most calls within any span of a given length that begins with a call.
  ///
  /// Spans are not aligned to anything: the busiest one counts.
  ///
  /// - Parameters:
  ///   - length: Length of the span, its end not included.
  ///   - begin: Calls before it are left out.
  ///   - end: Calls at and after it are left out.
  /// - Returns: A number of calls; 0 if there were none.
  /// - Complexity: O(n), n being the calls between begin and end.
  public func most(within length: Duration, from begin: Duration, to end: Duration) -> Int {
    let start = index(of: Moment(begin))
    let calls = nanoseconds[start..<max(start, index(of: Moment(end)))]
    var most = 0
    var first = calls.startIndex
    for index in calls.indices {
      while calls[first].advanced(bySaturating: length) <= calls[index] { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  /// Index of the first call at or after a moment.
  private func index(of moment: Moment) -> Int {
    var (low, high) = (0, nanoseconds.count)
    while low < high {
      let middle = (low + high) / 2
      if nanoseconds[middle] < moment.nanoseconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Int64 {
  fileprivate func advanced(bySaturating duration: Duration) -> Int64 {
    Moment(nanoseconds: self).advanced(by: duration).nanoseconds
  }
}
