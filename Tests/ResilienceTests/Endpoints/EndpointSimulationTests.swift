// The world runs on one thread by itself, which the thread sanitizer does not follow.
#if !THREAD_SANITIZER
  import Resilience
  import ResilienceTesting
  import Testing

  /// Three replicas, of which one is bad for a while.
  @Suite("Endpoints in a simulated world")
  struct EndpointSimulationTests {
    /// What became of a load of 60 calls a second, and what each replica saw of it.
    private struct Outcome: Sendable, CustomStringConvertible {
      let report: LoadReport
      let logs: [CallLog]

      /// The share of the calls of a span that failed.
      func failed(from begin: Int, to end: Int) -> Double {
        let span = report.total(from: .seconds(begin), to: .seconds(end))
        return Double(span.failed) / Double(span.offered)
      }

      /// The share of the calls of a span that the first replica saw.
      func shareOfFirst(from begin: Int, to end: Int) -> Double {
        let counts = logs.map { $0.count(from: .seconds(begin), to: .seconds(end)) }
        return Double(counts[0]) / Double(counts.reduce(0, +))
      }

      var description: String {
        "failed \(failed(from: 20, to: 60)), share \(shareOfFirst(from: 20, to: 60))"
      }
    }

    private let seeds: ClosedRange<UInt64> = isSoaking ? 1...20 : 1...1

    /// The first replica fails from 20 s to 60 s, and serves again until 180 s.
    private static func outcome(
      _ choice: EndpointSettings.Choice,
      ejecting: Bool,
      attempts: Int = 1,
      seed: UInt64,
      trouble: @escaping @Sendable (ModelledService) -> Void = {
        $0.outage(from: .seconds(20), to: .seconds(60))
      }
    ) async throws -> Outcome {
      try await Simulation(seed: seed).run { world in
        let services = (0..<3).map { _ in
          ModelledService(in: world, latency: .logNormal(median: .milliseconds(20), sigma: 0.5))
        }
        trouble(services[0])
        var settings = EndpointSettings()
        settings.choice = choice
        settings.ejection = .seconds(5)
        settings.longestEjection = .seconds(15)
        settings.slowStart = .seconds(20)
        if !ejecting { settings.maxEjected = 0 }
        let replicas = Endpoints(
          "replicas",
          0..<3,
          settings,
          timeline: world.timeline,
          random: world.random
        )
        let retry = Retry(
          attempts: attempts,
          backoff: .none,
          timeline: world.timeline,
          random: world.random
        )
        let report = await world.openLoop(rate: 60, for: .seconds(180)) {
          try await replicas.run(through: retry) { try await services[$0].call() }
        }
        return Outcome(report: report, logs: services.map(\.calls))
      }
    }

    @Test(
      "One bad replica of three fails a third of the calls, and with ejection next to none",
      arguments: [EndpointSettings.Choice.roundRobin, .leastInFlight]
    )
    func failures(choice: EndpointSettings.Choice) async throws {
      for seed in seeds {
        await Task.yield()
        let bare = try await Self.outcome(choice, ejecting: false, seed: seed)
        let guarded = try await Self.outcome(choice, ejecting: true, seed: seed)
        // The failing one answers at once, so least in flight sends it even more.
        #expect(bare.failed(from: 20, to: 60) > 0.3, "seed \(seed): \(bare)")
        #expect(guarded.failed(from: 20, to: 60) < 0.01, "seed \(seed): \(guarded)")
        #expect(guarded.failed(from: 0, to: 20) == 0)
      }
    }

    @Test("A replica that is well again gets its share back, slowly at first")
    func recovery() async throws {
      for seed in seeds {
        await Task.yield()
        let outcome = try await Self.outcome(.leastInFlight, ejecting: true, seed: seed)
        #expect(outcome.shareOfFirst(from: 30, to: 60) < 0.01, "seed \(seed): \(outcome)")
        // An ejection of at most 15 s may be under way at 60 s; then it takes 20 s to warm up.
        let full = outcome.shareOfFirst(from: 100, to: 180)
        #expect((0.28...0.38).contains(full), "seed \(seed): \(full)")
        let calls = outcome.logs[0].moments.map(\.sinceOrigin)
        let back = try #require(calls.first { $0 >= .seconds(60) })
        func perSecond(_ from: Duration, _ to: Duration) -> Double {
          Double(outcome.logs[0].count(from: back + from, to: back + to))
            / ((to - from) / .seconds(1))
        }
        let early = perSecond(.zero, .seconds(4))
        let late = perSecond(.seconds(16), .seconds(20))
        #expect(early < 9 && late > 12 && late > 1.6 * early, "seed \(seed): \(early), \(late)")
        #expect(outcome.failed(from: 60, to: 180) < 0.001)
      }
    }

    @Test("A retry goes to another replica, so that no call fails at all")
    func retries() async throws {
      for seed in seeds {
        await Task.yield()
        let outcome = try await Self.outcome(.roundRobin, ejecting: true, attempts: 2, seed: seed)
        #expect(outcome.failed(from: 0, to: 180) == 0, "seed \(seed)")
      }
    }

    @Test("A replica that fails half of its calls is found by its rate, though never long in a row")
    func flaky() async throws {
      for seed in seeds {
        await Task.yield()
        let trouble: @Sendable (ModelledService) -> Void = {
          $0.brownOut(from: .seconds(20), to: .seconds(60), errorRate: 0.5)
        }
        let bare = try await Self.outcome(
          .roundRobin,
          ejecting: false,
          seed: seed,
          trouble: trouble
        )
        let guarded = try await Self.outcome(
          .roundRobin,
          ejecting: true,
          seed: seed,
          trouble: trouble
        )
        #expect(bare.failed(from: 20, to: 60) > 0.12, "seed \(seed): \(bare)")
        #expect(guarded.failed(from: 20, to: 60) < 0.05, "seed \(seed): \(guarded)")
      }
    }

    @Test("A slow replica gets fewer calls by least in flight, without failing")
    func slow() async throws {
      for seed in seeds {
        await Task.yield()
        let trouble: @Sendable (ModelledService) -> Void = {
          $0.brownOut(from: .seconds(20), to: .seconds(60), slowdown: 20)
        }
        let inTurn = try await Self.outcome(
          .roundRobin,
          ejecting: true,
          seed: seed,
          trouble: trouble
        )
        let byLoad = try await Self.outcome(
          .leastInFlight,
          ejecting: true,
          seed: seed,
          trouble: trouble
        )
        let share = byLoad.shareOfFirst(from: 20, to: 60)
        #expect(inTurn.shareOfFirst(from: 20, to: 60) > 0.32)
        #expect(share < 0.2, "seed \(seed): \(share)")
      }
    }
  }
#endif
