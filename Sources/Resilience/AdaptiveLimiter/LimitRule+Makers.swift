extension LimitRule {
  /// Follows the ratio of a baseline to the present round trips; the baseline is found by experiment.
  ///
  /// Now and then the limit is lowered by a fifth for a moment. If fewer calls in flight take less
  /// time, they were queueing at the callee, and the limit has to stay low; if they do not, the
  /// callee itself has become slower, and the limit may rise again. So the limit neither drifts up
  /// under a lasting overload nor stays down after a step of the latency. It comes to rest about a
  /// tenth above the number of calls that the callee can work on at a time.
  ///
  /// - Parameters:
  ///   - initial: The limit to begin with, in `range`.
  ///   - range: Where the limit stays, in 1...1000000.
  ///   - growth: By which share the limit grows per reading while there is no queue, in 0.01...0.5.
  ///     With more it is quicker, and comes to rest higher.
  ///   - probeEvery: Readings from one probe to the next, in 4...1000000; drawn from half of it up.
  ///   - window: How long calls are gathered for a reading, at least. Positive.
  ///   - samples: How many calls a reading needs, in 1...1000000. With fewer than some 100 chance is
  ///     taken for a change when latencies vary much.
  /// - Returns: The rule; a limiter checks its settings when it takes it.
  public static func guarded(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    growth: Double = 0.05,
    probeEvery: Int = 20,
    window: Duration = .seconds(1),
    samples: Int = 100
  ) -> LimitRule {
    let settings = GuardedLimit.Settings(
      bounds: LimitBounds(initial: initial, range: range),
      growth: growth,
      probeEvery: probeEvery
    )
    return LimitRule(.guarded(settings), .init(length: window, samples: samples, clip: 4))
  }

  /// Grows by one per round of calls that go well, and shrinks by a factor when one is too many.
  ///
  /// It needs to be told: by errors that say so, or by a round trip that is longer than `slowAfter`.
  /// With a callee that does neither the limit rises to its bound. It looks at single calls, not at
  /// windows.
  ///
  /// ## Source
  /// Chiu, D.-M. & Jain, R. (1989). [Analysis of the increase and decrease algorithms for congestion
  /// avoidance in computer networks](https://doi.org/10.1016/0169-7552(89)90019-6), Computer
  /// Networks and ISDN Systems 17(1). The defaults are those of Netflix's
  /// [concurrency-limits](https://github.com/Netflix/concurrency-limits), which grows by one per
  /// call, and shrinks with each one.
  ///
  /// - Parameters:
  ///   - initial: The limit to begin with, in `range`.
  ///   - range: Where the limit stays, in 1...1000000.
  ///   - backoff: By what the limit is multiplied, at most once per round of calls, in 0.1...0.99.
  ///   - slowAfter: How long a call may take before it counts as one too many; `nil` for any time.
  /// - Returns: The rule; a limiter checks its settings when it takes it.
  public static func aimd(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    backoff: Double = 0.9,
    slowAfter: Duration? = .seconds(5)
  ) -> LimitRule {
    let settings = AIMDLimit.Settings(
      bounds: LimitBounds(initial: initial, range: range),
      backoff: backoff,
      slowAfter: slowAfter?.clampedNanoseconds
    )
    return LimitRule(.aimd(settings), .init(length: .seconds(1), samples: 1))
  }

  /// Keeps a few calls queued at the callee: three to six at a limit below 100.
  ///
  /// The queue is estimated from the shortest round trip seen, so that latencies that vary much make
  /// the limit too low. The shortest one is forgotten now and then; if the callee is saturated at
  /// that moment, the queue becomes part of it, and the limit rises.
  ///
  /// ## Source
  /// Brakmo, L. S. & Peterson, L. L. (1995). [TCP Vegas: end to end congestion avoidance on a global
  /// Internet](https://doi.org/10.1109/49.464716), IEEE Journal on Selected Areas in Communications
  /// 13(8). Steps and defaults are those of Netflix's
  /// [concurrency-limits](https://github.com/Netflix/concurrency-limits). It decides once per window,
  /// as Vegas does once per round trip: a decision per call acts many times on what one round showed.
  ///
  /// - Parameters:
  ///   - initial: The limit to begin with, in `range`.
  ///   - range: Where the limit stays, in 1...1000000.
  ///   - probeMultiplier: Readings, per place of the limit, after which the shortest round trip is
  ///     taken anew, at most, in 1...1000000; drawn from half of it up.
  ///   - window: How long calls are gathered for a reading, at least. Positive.
  ///   - samples: How many calls a reading needs, in 1...1000000.
  /// - Returns: The rule; a limiter checks its settings when it takes it.
  public static func vegas(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    probeMultiplier: Int = 30,
    window: Duration = .seconds(1),
    samples: Int = 10
  ) -> LimitRule {
    let settings = VegasLimit.Settings(
      bounds: LimitBounds(initial: initial, range: range),
      probeMultiplier: probeMultiplier
    )
    return LimitRule(.vegas(settings), .init(length: window, samples: samples))
  }

  /// Follows the ratio of a long average to the present round trips.
  ///
  /// Good for bursts: it tolerates half as much time again, and forgets what is long over. Under a
  /// lasting overload the long average rises, and the limit with it, up to its bound.
  ///
  /// ## Source
  /// `Gradient2Limit` of Netflix's
  /// [concurrency-limits](https://github.com/Netflix/concurrency-limits).
  ///
  /// - Parameters:
  ///   - initial: The limit to begin with, in `range`.
  ///   - range: Where the limit stays, in 1...1000000.
  ///   - tolerance: By what the round trips may exceed the average before the limit shrinks, in 1...10.
  ///   - smoothing: The share of a new value in the limit, in 0.01...1.
  ///   - queue: How many calls may queue at the callee, in 1...1000000: by what the limit grows.
  ///   - longWindow: Over how many readings the long average reaches, in 1...1000000.
  ///   - window: How long calls are gathered for a reading, at least. Positive.
  ///   - samples: How many calls a reading needs, in 1...1000000.
  /// - Returns: The rule; a limiter checks its settings when it takes it.
  public static func gradient2(
    from initial: Int = 20,
    in range: ClosedRange<Int> = 1...200,
    tolerance: Double = 1.5,
    smoothing: Double = 0.2,
    queue: Int = 4,
    longWindow: Int = 600,
    window: Duration = .seconds(1),
    samples: Int = 10
  ) -> LimitRule {
    let settings = GradientLimit.Settings(
      bounds: LimitBounds(initial: initial, range: range),
      tolerance: tolerance,
      smoothing: smoothing,
      queue: queue,
      longWindow: longWindow
    )
    return LimitRule(.gradient(settings), .init(length: window, samples: samples))
  }
}
