import Foundation
import Resilience
import ResilienceHTTP
import Testing

@testable import ResilienceDemo

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Loopback")
struct LoopbackTests {
  private let session = URLSession(configuration: .demo(.patient))

  @Test("A phase breaks the replicas that it says, and the next one mends them")
  func phases() async throws {
    let service = try LoopbackService(Options(scenario: .replica))
    #expect(try await statuses(of: service) == [200, 200, 200])
    service.enter(Scenario.replica.phases[1], for: .seconds(1))
    #expect(try await statuses(of: service) == [200, 500, 200])
    service.enter(Scenario.replica.phases[2], for: .seconds(1))
    #expect(try await statuses(of: service) == [200, 200, 200])
    #expect(service.requestsByReplica == [3, 3, 3] && service.requestCount == 9)
    session.finishTasksAndInvalidate()
    await service.close()
  }

  @Test("What is no matter of the wire reaches the service, too")
  func quota() async throws {
    let service = try LoopbackService(Options(scenario: .limited, rate: 60))
    let fault = ScopedFault(fault: .quota(0.01, retryAfterSeconds: 1))
    let phase = Scenario.Phase(name: "tight", weight: 1, faults: [fault])
    service.enter(phase, for: .seconds(1))
    #expect(try await statuses(of: service) == [429])
    service.enter(Scenario.limited.phases[2], for: .seconds(1))
    #expect(try await statuses(of: service) == [200])
    session.finishTasksAndInvalidate()
    await service.close()
  }

  @Test("The standard client leaves a bad replica out, others take turns with it")
  func replicas() async throws {
    for (policy, limit) in [(ClientPolicy.standard, 6), (.timeout, 10)] {
      let service = try LoopbackService(Options(scenario: .replica))
      let stack = PolicyStack(policy, .patient, seed: 1, meter: AttemptMeter())
      let client = PolicyClient(
        urls: service.urls,
        session: URLSession(configuration: .demo(.patient)),
        stack,
        .patient,
        seed: 1
      )
      service.enter(Scenario.replica.phases[1], for: .seconds(1))
      var failures = 0
      for id in 1...30 {
        do { _ = try await client.send(.read(id: id)) } catch { failures += 1 }
      }
      let bad = service.requestsByReplica[1]
      #expect(policy == .standard ? bad <= limit && failures == 0 : bad == 10 && failures == 10)
      client.close()
      await service.close()
    }
  }

  private func statuses(of service: LoopbackService) async throws -> [Int] {
    var statuses: [Int] = []
    for url in service.urls {
      let response = try await session.data(from: url.appendingPathComponent("users/1")).1
      statuses.append((response as? HTTPURLResponse)?.statusCode ?? 0)
    }
    return statuses
  }
}
