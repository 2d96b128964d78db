import Resilience

/// How many calls arrive per second, as time goes by.
public struct LoadShape: Hashable, Sendable {
  /// A rate for a while.
  struct Step: Hashable, Sendable {
    let rate: Double
    let duration: Duration
  }

  /// One after the other; the last one is followed by silence.
  let steps: [Step]

  /// The same rate for a while.
  ///
  /// - Parameters:
  ///   - rate: Calls per second. Not negative.
  ///   - duration: How long.
  /// - Returns: A shape.
  public static func constant(_ rate: Double, for duration: Duration) -> LoadShape {
    steps((rate, duration))
  }

  /// One rate after the other.
  ///
  /// - Parameter steps: Calls per second, not negative, and how long; at least one step.
  /// - Returns: A shape.
  public static func steps(_ steps: (rate: Double, for: Duration)...) -> LoadShape {
    precondition(!steps.isEmpty, "need at least one step")
    for (rate, duration) in steps {
      precondition(rate >= 0 && rate.isFinite, "need rate (\(rate)) >= 0 and finite")
      precondition(duration >= .zero, "need a duration (\(duration)) >= 0")
    }
    return LoadShape(steps: steps.map { Step(rate: $0.rate, duration: $0.for) })
  }

  /// A steady rate with another one for a while.
  ///
  /// - Parameters:
  ///   - rate: Calls per second before and after the spike.
  ///   - peak: Calls per second in the spike.
  ///   - begin: When the spike begins, since the load does.
  ///   - end: When it is over. Not before `begin`.
  ///   - duration: How long all of it lasts. Not less than `end`.
  /// - Returns: A shape.
  public static func spike(
    from rate: Double,
    to peak: Double,
    between begin: Duration,
    and end: Duration,
    for duration: Duration
  ) -> LoadShape {
    steps((rate, begin), (peak, end - begin), (rate, duration - end))
  }

  /// How long the load lasts.
  public var duration: Duration { steps.reduce(.zero) { $0 + $1.duration } }
}

/// How the arrivals of an open-loop load are spaced.
public enum Arrivals: Hashable, Sendable {
  /// At random, independent of each other, as those of many users are.
  case poisson

  /// Evenly.
  case even
}

/// The arrivals of a load, one after the other.
struct ArrivalTimes {
  private var steps: ArraySlice<LoadShape.Step>
  private let arrivals: Arrivals
  private let random: RandomSource
  private var stepBegin: Duration = .zero
  private var last: Duration = .zero

  init(_ shape: LoadShape, _ arrivals: Arrivals, random: RandomSource) {
    steps = shape.steps[...]
    self.arrivals = arrivals
    self.random = random
  }

  /// When the next call comes, since the beginning of the load; `nil` when there is none.
  mutating func next() -> Duration? {
    while let step = steps.first {
      let end = stepBegin + step.duration
      if step.rate > 0 {
        let mean = Duration.seconds(1 / step.rate)
        let gap =
          switch arrivals {
          case .poisson: LatencyModel.exponential(mean: mean).draw(from: random)
          case .even: mean
          }
        if last + gap < end {
          last += gap
          return last
        }
      }
      // Arrivals at random have no memory, so that the next step may begin anew.
      steps.removeFirst()
      stepBegin = end
      last = end
    }
    return nil
  }
}
