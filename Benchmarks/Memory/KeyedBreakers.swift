import Resilience

private struct Failure: Error {}

/// A registry full of breakers, to be measured.
struct KeyedBreakers: Sendable {
  private let keys: [String]
  private let registry: Keyed<String, CircuitBreaker>
  private let bytes: Int?
  private let breakerBytes: Int?

  /// Makes so many breakers with the default settings by key, each of which has counted a failure.
  init(_ size: Int) async {
    var breakers: [CircuitBreaker] = []
    breakers.reserveCapacity(size)
    let alone = await Memory.perElement(of: size) {
      for _ in 0..<size {
        let breaker = CircuitBreaker("callee")
        // Before that there are no windows.
        try? await breaker.run { throw Failure() }
        breakers.append(breaker)
      }
    }
    breakerBytes = alone
    let keys = (0..<size).map { "host \($0)" }
    // Those just made are kept by the registry, so that its own share shows.
    let made = breakers
    let registry = Keyed<String, CircuitBreaker>(limit: size, idleAfter: .seconds(86_400)) { key in
      made[Int(key.dropFirst(5)) ?? 0]
    }
    let own = await Memory.perElement(of: size) {
      for key in keys { Blackhole.swallow(registry[key]) }
    }
    bytes = own.flatMap { own in alone.map { $0 + own } }
    self.keys = keys
    self.registry = registry
  }

  /// Times look-ups of one key and of keys drawn uniformly, by 1 and by 64 tasks.
  func measure(by plan: Plan) async throws -> KeyedMeasurement {
    KeyedMeasurement(
      entries: keys.count,
      bytes: bytes,
      breakerBytes: breakerBytes,
      hot: try await time(tasks: 1, by: plan, hot),
      uniform: try await time(tasks: 1, by: plan, uniform),
      hotByMany: try await time(tasks: 64, by: plan, hot),
      uniformByMany: try await time(tasks: 64, by: plan, uniform)
    )
  }

  private func hot(seed: UInt64, calls: Int) {
    let key = keys[keys.count / 2]
    for _ in 0..<calls { Blackhole.swallow(registry[key]) }
  }

  private func uniform(seed: UInt64, calls: Int) {
    var draw = seed
    for _ in 0..<calls {
      // Marsaglia's xorshift: a few cycles per draw.
      draw ^= draw << 13
      draw ^= draw >> 7
      draw ^= draw << 17
      Blackhole.swallow(registry[keys[Int(draw % UInt64(keys.count))]])
    }
  }

  /// Nanoseconds per look-up: the middle one of the rounds.
  private func time(
    tasks: Int,
    by plan: Plan,
    _ body: @escaping @Sendable (_ seed: UInt64, _ calls: Int) -> Void
  ) async throws -> Double {
    let calls = 400_000 / tasks
    var series = Series()
    for round in 0...plan.rounds {
      let elapsed = await ContinuousClock().measure {
        await withTaskGroup(of: Void.self) { group in
          for task in 1...tasks { group.addTask { body(UInt64(round * tasks + task), calls) } }
        }
      }
      // The first round warms up.
      if round > 0 { series.append(elapsed / .nanoseconds(1) / Double(calls * tasks)) }
    }
    return series.median
  }
}
