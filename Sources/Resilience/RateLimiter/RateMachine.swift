/// The rule by which permits come, as a value: asked when a weight can be had, told when it is taken.
///
/// Moments given to it do not decrease, and weights are in 1...`capacity`. A permit that was taken at
/// a moment cannot be put back: what may have to be undone is tried out on a copy.
protocol RateMachine: Sendable {
  /// The largest weight that can ever be had.
  var capacity: Int { get }

  /// The first moment from `now` on at which the weight can be had, if nothing is taken before.
  func earliest(_ weight: Int, at now: Moment) -> Moment

  /// Takes the weight at a moment at which it can be had.
  mutating func take(_ weight: Int, at moment: Moment)

  /// Takes the weight, of any size, if it can be had at this very moment.
  ///
  /// What every call asks first, so that it is one dynamic call.
  mutating func takeIfDue(_ weight: Int, at moment: Moment) -> Bool

  /// How many permits can be had at this moment.
  func available(at now: Moment) -> Int

  /// Whether it behaves as if nothing had ever been taken.
  func isFresh(at now: Moment) -> Bool
}

extension RateMachine {
  mutating func takeIfDue(_ weight: Int, at moment: Moment) -> Bool {
    guard weight <= capacity, earliest(weight, at: moment) == moment else { return false }
    take(weight, at: moment)
    return true
  }

  func isFresh(at now: Moment) -> Bool { available(at: now) == capacity }
}

extension RateLimit {
  /// A machine from which nothing has been taken.
  var machine: any RateMachine {
    switch kind {
    case .tokenBucket(let burst): TokenRate(interval: interval, burst: burst)
    case .smooth(.zero, _): TokenRate(interval: interval, burst: 1)
    case .smooth(let warmUp, let coldFactor):
      WarmUpRate(
        interval: interval,
        warmUp: max(1, warmUp.clampedNanoseconds),
        coldFactor: coldFactor
      )
    case .fixedWindow: FixedWindowRate(permits: permits, per: span)
    case .slidingWindow: SlidingWindowRate(permits: permits, per: span)
    }
  }

  /// A machine that goes on where another one stops.
  ///
  /// It has what the other one had, or its own capacity if that is less; the rest counts as taken at
  /// this moment. A sliding window after a sliding window keeps the log instead, so that the new
  /// limit holds for what was taken under the old one.
  func machine(after other: any RateMachine, at now: Moment) -> any RateMachine {
    if let window = other as? SlidingWindowRate, kind == .slidingWindow {
      return window.resized(permits: permits, per: span)
    }
    var machine = machine
    let taken = machine.capacity - min(machine.capacity, other.available(at: now))
    if taken > 0 { machine.take(taken, at: now) }
    return machine
  }
}
