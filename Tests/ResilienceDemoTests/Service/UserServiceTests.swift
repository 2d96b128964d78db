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
    let session = URLSession(configuration: .demo(limits))
    clients = [
      BareClient(urls: [server.url], session: session, meter: AttemptMeter()),
      Self.client(.standard, server).client,
      Self.client(.retry, server).client,
    ]
  }

  private static func client(
    _ policy: ClientPolicy,
    _ server: FaultServer,
    meter: AttemptMeter = AttemptMeter()
  ) -> (client: PolicyClient, breaker: CircuitBreaker?) {
    let stack = PolicyStack(policy, .patient, seed: 1, meter: meter)
    let client = PolicyClient(
      urls: [server.url],
      session: URLSession(configuration: .demo(.patient)),
      stack,
      .patient,
      seed: 1
    )
    return (client, stack.breaker)
  }

  @Test("All clients are answered as a careful service answers")
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
    #expect(server.requestCount == 12 && server.malformedCount == 0)
    server.stop()
    await server.stopped()
  }

  @Test("Attempts are counted, for the client and for the call, the first one included")
  func attempts() async throws {
    let meter = AttemptMeter()
    let client = Self.client(.standard, server, meter: meter).client
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

  @Test("Naive retries repeat additions, the others do not")
  func additions() async throws {
    for (policy, attempts) in [(ClientPolicy.retry, 2), (.standard, 1), (.timeout, 1)] {
      let meter = AttemptMeter()
      let client = Self.client(policy, server, meter: meter).client
      server.inject(.status(503), .next(1))
      let reply = try? await client.send(.create(name: "Ada"))
      #expect((reply != nil) == (attempts == 2), "\(policy)")
      #expect(meter.count == attempts, "\(policy)")
      client.close()
    }
    server.stop()
    await server.stopped()
  }

  @Test("Good answers of the service, bad news or not, leave the circuit closed")
  func verdicts() async throws {
    let (client, breaker) = Self.client(.standard, server)
    for _ in 0..<30 { _ = try await client.send(.readUnknown(id: 1_000_001)) }
    for _ in 0..<30 { _ = try await client.send(.createInvalid) }
    #expect(breaker?.state == .closed)
    client.close()
    server.stop()
    await server.stopped()
  }
}
