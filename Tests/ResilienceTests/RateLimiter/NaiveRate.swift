@testable import Resilience

/// A limit as its definition has it: the list of all that was taken, gone through anew each time.
struct NaiveRate {
  enum Rule: Sendable {
    /// A token every `interval` nanoseconds into a bucket of `burst`.
    case bucket(interval: Int64, burst: Int)
    /// `permits` per window; windows begin at multiples of `per`.
    case fixed(permits: Int, per: Int64)
    /// `permits` in any span of `per`.
    case sliding(permits: Int, per: Int64)
  }

  let rule: Rule
  private(set) var taken: [(at: Int64, weight: Int)] = []

  init(_ rule: Rule) {
    self.rule = rule
  }

  var capacity: Int {
    switch rule {
    case .bucket(_, let burst): burst
    case .fixed(let permits, _), .sliding(let permits, _): permits
    }
  }

  /// The machine that is to agree with it.
  var machine: any RateMachine {
    switch rule {
    case .bucket(let interval, let burst): TokenRate(interval: interval, burst: burst)
    case .fixed(let permits, let per): FixedWindowRate(permits: permits, per: per)
    case .sliding(let permits, let per): SlidingWindowRate(permits: permits, per: per)
    }
  }

  mutating func take(_ weight: Int, at time: Int64) { taken.append((time, weight)) }

  func allows(_ weight: Int, at time: Int64) -> Bool {
    switch rule {
    case .bucket(let interval, let burst):
      // What the bucket holds, in nanoseconds of filling.
      let full = interval * Int64(burst)
      var (held, last) = (full, taken.first?.at ?? time)
      for entry in taken {
        held = min(full, held + entry.at - last) - interval * Int64(entry.weight)
        last = entry.at
      }
      return min(full, held + time - last) >= interval * Int64(weight)
    case .fixed(let permits, let per):
      func window(_ time: Int64) -> Int64 { (time + 1_000 * per) / per }
      return sum { window($0) == window(time) } + weight <= permits
    case .sliding(let permits, let per):
      return sum { $0 > time - per } + weight <= permits
    }
  }

  func earliest(_ weight: Int, at now: Int64) -> Int64 {
    var time = now
    while !allows(weight, at: time) { time += 1 }
    return time
  }

  func available(at now: Int64) -> Int {
    (1...capacity).last { allows($0, at: now) } ?? 0
  }

  private func sum(where isInside: (Int64) -> Bool) -> Int {
    taken.reduce(0) { isInside($1.at) ? $0 + $1.weight : $0 }
  }
}
