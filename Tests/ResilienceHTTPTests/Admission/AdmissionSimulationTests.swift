// The world runs on one thread by itself, which the thread sanitizer does not follow.
#if !THREAD_SANITIZER
  import Resilience
  import ResilienceHTTP
  import ResilienceTesting
  import Testing

  /// A server that can serve 20 requests a second, and is asked for 110.
  @Suite("Admission in a simulated world")
  struct AdmissionSimulationTests {
    private struct Refused: Error {
      let status: Int
    }

    private struct Outcome: Sendable, CustomStringConvertible {
      let critical: LoadReport.Interval
      let sheddable: LoadReport.Interval

      var criticalShare: Double { Double(critical.succeeded) / Double(critical.offered) }
      var served: Int { critical.succeeded + sheddable.succeeded }

      var description: String {
        "critical \(criticalShare), served \(served), slowest \(critical.latency(1) ?? .zero)"
      }
    }

    private static func outcome(admitting: Bool, seed: UInt64) async throws -> Outcome {
      try await Simulation(seed: seed).run { world in
        let work = ModelledService(
          in: world,
          latency: .constant(.milliseconds(200)),
          capacity: 4
        )
        var places = BulkheadSettings()
        places.limit = admitting ? 4 : 1_000_000
        places.queue = QueueSettings(limit: 16, maxWait: .milliseconds(500))
        places.shares.sheddable = admitting ? 0.5 : 1
        let admission = HTTPAdmission(
          "api",
          pipeline: Pipeline("api") {
            Bulkhead(places, name: "api", timeline: world.timeline)
            Timeout(.seconds(2), timeline: world.timeline)
          },
          timeline: world.timeline,
          random: world.random
        )
        let request: @Sendable (Criticality) async throws -> Void = { criticality in
          let head = HTTPRequestHead(
            method: "GET",
            path: "/",
            headers: [
              Criticality.headerField: criticality.description, "X-Request-Deadline": "1000",
            ]
          )
          let status = try await admission.respond(to: head) {
            try await work.call()
            return 200
          } refusing: {
            $0.status
          }
          if status != 200 { throw Refused(status: status) }
        }
        async let critical = world.openLoop(rate: 10, for: .seconds(30)) {
          try await request(.critical)
        }
        async let sheddable = world.openLoop(rate: 100, for: .seconds(30)) {
          try await request(.sheddable)
        }
        let reports = await (critical, sheddable)
        return Outcome(
          critical: reports.0.total(from: .seconds(10), to: .seconds(30)),
          sheddable: reports.1.total(from: .seconds(10), to: .seconds(30))
        )
      }
    }

    @Test("An overloaded server keeps its critical requests, and without admission serves nobody")
    func overload() async throws {
      for seed in 1...1 as ClosedRange<UInt64> {
        await Task.yield()
        let bare = try await Self.outcome(admitting: false, seed: seed)
        let admitting = try await Self.outcome(admitting: true, seed: seed)
        #expect(bare.criticalShare < 0.05, "seed \(seed): \(bare)")
        #expect(admitting.criticalShare > 0.95, "seed \(seed): \(admitting)")
        // What critical requests leave of their half is for the others.
        #expect(admitting.sheddable.succeeded > 50, "seed \(seed): \(admitting)")
        #expect(admitting.critical.latency(1) ?? .zero < .milliseconds(700))
      }
    }
  }
#endif
