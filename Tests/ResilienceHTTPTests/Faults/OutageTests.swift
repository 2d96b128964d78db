#if os(Linux) && canImport(Glibc)
  import Foundation
  import FoundationNetworking
  import Resilience
  import ResilienceHTTP
  import ResilienceTesting
  import Testing

  /// Many calls through an outage, in a process of its own, where nobody else opens descriptors.
  ///
  /// Ten thousand when `RESILIENCE_SOAK` is set, as the check script does; some hundred otherwise.
  @Suite("Calls through an outage", .byThemselves)
  struct OutageTests {
    private static let calls =
      ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] == nil ? 600 : 10_000
    private static let inFlight = 64

    @Test("No permit, connection or descriptor is lost, and memory stays flat")
    func outage() async {
      await #expect(processExitsWith: .success) {
        try await OutageTests.run(200)
        let (descriptors, memory) = (try OutageTests.descriptors(), try OutageTests.memory())
        try await OutageTests.run(OutageTests.calls)
        // Both times the companion of the last session and its idle connections are still there, of
        // which one has a few more or less than another; a leak is one for each call or failure.
        let bound = descriptors + 8
        // Sockets are closed when Dispatch lets go of them.
        for _ in 1...20_000 where try OutageTests.descriptors() > bound { await Task.yield() }
        let left = try OutageTests.descriptors()
        #expect(left <= bound, "\(descriptors) descriptors before, \(left) after")
        let grown = try OutageTests.memory() - memory
        #expect(grown < 32 << 20, "\(grown) bytes more")
      }
    }

    /// A third of the calls in good times, a third in bad ones, and a third afterwards.
    private static func run(_ calls: Int) async throws {
      let server = try FaultServer {
        Route(.get, "/bytes") { _ in ServerResponse(body: Data(count: 5_000)) }
      }
      let session = URLSession(configuration: .ephemeral)
      let bulkhead = Bulkhead(limit: inFlight)
      let pipeline = Pipeline("service") {
        Timeout(.seconds(20), name: "call")
        Retry(attempts: 2, backoff: .none)
        CircuitBreaker("service", openFor: .milliseconds(5))
        bulkhead
        Timeout(.milliseconds(500), name: "attempt")
      }
      let (begun, good) = (Tally(), Tally())
      await withTaskGroup { group in
        for _ in 0..<inFlight {
          group.addTask {
            while case let number = begun.next(), number <= calls {
              if number == calls / 3 {
                server.inject(.status(503), .rate(0.4))
                server.inject(.reset(.afterHandler), .rate(0.2))
                server.inject(.truncatedBody, .rate(0.3))
                server.inject(.hang, .rate(0.02))
              }
              if number == calls * 2 / 3 { server.healAll() }
              if await isGood(number, server, session, pipeline) { good.raise() }
            }
          }
        }
      }
      #expect(bulkhead.running == 0)
      #expect(bulkhead.queued == 0)
      #expect(good.value > calls / 3)
      server.stop()
      await server.stopped()
    }

    private static func isGood(
      _ number: Int,
      _ server: FaultServer,
      _ session: URLSession,
      _ pipeline: some Policy
    ) async -> Bool {
      let request = URLRequest(url: server.url.appendingPathComponent("bytes"))
      do {
        guard number.isMultiple(of: 3) else {
          return try await session.data(for: request, through: pipeline).0.count == 5_000
        }
        return try await session.stream(for: request, through: pipeline) { _, body in
          // One in five leaves the body where it is.
          if number.isMultiple(of: 5) { return true }
          return try await body.reduce(0) { $0 + $1.count } == 5_000
        }
      } catch {
        return false
      }
    }

    private static func descriptors() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// Bytes of the process that are in memory.
    private static func memory() throws -> Int {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return (Int(text.split(separator: " ")[1]) ?? 0) * 4_096
    }
  }
#endif
