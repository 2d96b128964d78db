// The world runs on one thread by itself, which the thread sanitizer does not follow.
#if !THREAD_SANITIZER
  import Resilience
  import ResilienceTesting
  import Testing

  /// A throttle and an overloaded callee, in a closed loop.
  @Suite("Throttle in a simulated world")
  struct ThrottleSimulationTests {
    /// What became of the calls of two classes, once the throttle has seen two windows.
    private struct Outcome: Sendable, CustomStringConvertible {
      let critical: LoadReport.Interval
      let sheddable: LoadReport.Interval
      /// Calls that reached the callee.
      let attempted: Int

      var offered: Int { critical.offered + sheddable.offered }
      var served: Int { critical.succeeded + sheddable.succeeded }
      var criticalShare: Double { Double(critical.succeeded) / Double(critical.offered) }

      var description: String {
        "attempted \(attempted), served \(served) of \(offered), critical \(criticalShare)"
      }
    }

    /// What the callee does with calls that it cannot serve.
    private enum Overload: Sendable {
      /// It refuses them at once, which costs it nothing.
      case refused
      /// It lets them wait, works on them when their callers have gone, and serves nobody.
      case queued
    }

    private static let duration = Duration.seconds(100)

    private let seeds: ClosedRange<UInt64> = isSoaking ? 1...10 : 1...1

    /// A hundred calls a second, a fifth of them critical, to a callee that can serve twenty.
    private static func outcome(
      _ overload: Overload,
      ratio: Double?,
      seed: UInt64
    ) async throws -> Outcome {
      try await Simulation(seed: seed).run { world in
        let service = ModelledService(
          in: world,
          latency: .constant(.milliseconds(200)),
          capacity: 4,
          queue: overload == .refused ? 8 : 200
        )
        let pipeline = Pipeline("x") {
          if let ratio { throttle(ratio: ratio, in: world) }
          Timeout(.seconds(2), timeline: world.timeline)
        }
        async let critical = world.openLoop(rate: 20, for: duration) {
          try await withCriticality(.critical) {
            try await pipeline.run { try await service.call() }
          }
        }
        async let sheddable = world.openLoop(rate: 80, for: duration) {
          try await withCriticality(.sheddable) {
            try await pipeline.run { try await service.call() }
          }
        }
        let reports = await (critical, sheddable)
        return Outcome(
          critical: reports.0.total(from: .seconds(40), to: duration),
          sheddable: reports.1.total(from: .seconds(40), to: duration),
          attempted: service.calls.count(from: .seconds(40), to: duration)
        )
      }
    }

    private static func throttle(ratio: Double, in world: World) -> AdaptiveThrottle {
      var settings = ThrottleSettings()
      settings.ratio = ratio
      settings.window = .seconds(20)
      return AdaptiveThrottle("x", settings, timeline: world.timeline, random: world.random)
    }

    @Test(
      "An overloaded callee sees about K times the calls that it accepts, and the probes",
      arguments: [1.1, 1.5, 2]
    )
    func attempts(ratio: Double) async throws {
      for seed in seeds {
        await Task.yield()
        let bare = try await Self.outcome(.refused, ratio: nil, seed: seed)
        let throttled = try await Self.outcome(.refused, ratio: ratio, seed: seed)
        #expect(bare.attempted == bare.offered)
        // K for each accept, and of what is offered the probes that no refusal may prevent.
        let accepted = ratio * Double(throttled.served)
        let probes = 0.05 * Double(throttled.offered)
        let range = accepted * 0.95...(accepted + probes) * 1.05
        #expect(range.contains(Double(throttled.attempted)), "seed \(seed): \(throttled)")
        #expect(throttled.criticalShare > 1.5 * bare.criticalShare, "\(throttled); \(bare)")
      }
    }

    @Test("A callee whose queue is full of calls given up serves again")
    func queueFull() async throws {
      for seed in seeds {
        await Task.yield()
        let bare = try await Self.outcome(.queued, ratio: nil, seed: seed)
        let throttled = try await Self.outcome(.queued, ratio: 1.1, seed: seed)
        #expect(bare.criticalShare < 0.05, "\(bare)")
        #expect(throttled.criticalShare > 0.25, "\(throttled)")
      }
    }

    @Test("When the callee is well again, refusing ends within a window, and stays ended")
    func recovery() async throws {
      try await Simulation(seed: 1).run { world in
        let service = ModelledService(
          in: world,
          latency: .constant(.milliseconds(50)),
          capacity: 10,
          queue: 0
        )
        // 200 calls a second at first, then 25, and then 200 again.
        service.brownOut(from: .seconds(20), to: .seconds(60), slowdown: 8)
        let throttle = Self.throttle(ratio: 2, in: world)
        async let report = world.openLoop(rate: 100, for: .seconds(120)) {
          try await throttle.run { try await service.call() }
        }
        try await world.sleep(until: .seconds(59))
        try world.require(throttle.rejectionProbability > 0.3, "\(throttle.snapshot)")
        try await world.sleep(until: .seconds(81))
        try world.require(throttle.rejectionProbability == 0, "\(throttle.snapshot)")
        let after = await report.total(from: .seconds(81), to: .seconds(120))
        try world.require(after.succeeded >= after.offered * 97 / 100, "\(after)")
        try world.require(after.refused == 0, "\(after.refused) refused")
      }
    }
  }
#endif
