import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceDemo

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("User service")
struct UserServiceTests {
  private let server: FaultServer
  private let clients: [any UserClient]

  init() throws {
    server = try UserService().start(seed: 1)
    let limits = Limits.patient
    clients = [
      BareClient(
        url: server.url,
        session: URLSession(configuration: .demo(limits)),
        meter: AttemptMeter()
      ),
      ProtectedClient(url: server.url, limits: limits, seed: 1, meter: AttemptMeter()),
    ]
  }

  @Test("Both clients are answered as a careful service answers")
  func replies() async throws {
    for client in clients {
      let calls: [UserCall] = [
        .read(id: 7), .readUnknown(id: 1_000_001), .create(name: "Ada"), .createInvalid,
      ]
      for call in calls {
        let reply = try await client.send(call)
        #expect(call.isAnswered(by: reply), "\(call): \(reply)")
      }
      client.close()
    }
    #expect(server.requestCount == 8 && server.malformedCount == 0)
    server.stop()
    await server.stopped()
  }

  @Test("Attempts are counted, for the client and for the call, the first one included")
  func attempts() async throws {
    let limits = Limits.patient
    let meter = AttemptMeter()
    let client = ProtectedClient(url: server.url, limits: limits, seed: 1, meter: meter)
    server.inject(.status(503), .next(2))
    for (total, own) in [(3, 3), (4, 1)] {
      let attempts = CallAttempts()
      _ = try await CallAttempts.$current.withValue(attempts) {
        try await client.send(.read(id: 1))
      }
      #expect(attempts.count == own)
      #expect(meter.count == total)
    }
    client.close()
    server.stop()
    await server.stopped()
  }

  @Test("Good answers of the service, bad news or not, leave the circuit closed")
  func verdicts() async throws {
    let limits = Limits.patient
    let client = ProtectedClient(url: server.url, limits: limits, seed: 1, meter: AttemptMeter())
    for _ in 0..<30 { _ = try await client.send(.readUnknown(id: 1_000_001)) }
    for _ in 0..<30 { _ = try await client.send(.createInvalid) }
    #expect(client.breaker.state == .closed)
    client.close()
    server.stop()
    await server.stopped()
  }
}

extension Limits {
  /// Limits that a busy machine does not reach: these tests are not about time.
  fileprivate static var patient: Limits {
    var limits = Limits(duration: .seconds(3_600))
    limits.attemptTimeoutMilliseconds = 60_000
    limits.callTimeoutMilliseconds = 120_000
    return limits
  }
}
