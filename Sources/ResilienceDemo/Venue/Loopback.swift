import Foundation
import Resilience
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Real servers and clients on the loopback interface, in real time.
struct Loopback: Venue {
  var timeline: Timeline { .system }
  var isDisturbed: Bool { true }

  func open(
    _ policy: ClientPolicy,
    _ options: Options,
    _ limits: Limits,
    meter: AttemptMeter
  ) throws -> Stand {
    let service = try LoopbackService(options)
    let stack = PolicyStack(policy, limits, seed: options.seed, meter: meter)
    let session = URLSession(configuration: .demo(limits))
    let client: any UserClient =
      policy == .none
      ? BareClient(urls: service.urls, session: session, meter: meter)
      : PolicyClient(urls: service.urls, session: session, stack, limits, seed: options.seed)
    return Stand(client: client, service: service, breaker: stack.breaker, bulkhead: stack.bulkhead)
  }
}

/// A copy of the service on loopback servers, one per replica.
final class LoopbackService: ServiceCopy {
  private struct Replica {
    let server: FaultServer
    let desk: ServiceDesk
  }

  /// What is injected now: what the phase wants and what someone wants.
  private struct Standing {
    var phase: [ScopedFault] = []
    var byHand: [ScopedFault] = []
    var injected: [InjectedFault] = []
  }

  private let replicas: [Replica]
  private let standing = Guarded(Standing())

  /// Starts the servers.
  ///
  /// - Throws: `ListenFailed` if there is no port for one.
  init(_ options: Options) throws {
    let traits = options.scenario.service
    replicas = try (0..<traits.replicas).map { index in
      let desk = ServiceDesk(traits, rate: options.rate, timeline: .system)
      let seed = options.seed &+ UInt64(index)
      return Replica(server: try UserService(desk: desk).start(seed: seed), desk: desk)
    }
  }

  /// The addresses of the replicas.
  var urls: [URL] { replicas.map(\.server.url) }

  var requestsByReplica: [Int] { replicas.map(\.server.requestCount) }

  func enter(_ phase: Scenario.Phase, for end: Duration) {
    for (index, replica) in replicas.enumerated() { replica.desk.enter(phase, replica: index) }
    standing.withLock { standing in
      standing.phase = phase.faults
      inject(&standing)
    }
  }

  func breakByHand(_ faults: [Fault]) {
    standing.withLock { standing in
      standing.byHand = faults.map { ScopedFault(fault: $0) }
      inject(&standing)
    }
  }

  func close() async {
    for replica in replicas {
      replica.server.stop()
      await replica.server.stopped()
    }
  }

  /// Heals what was injected and injects what is wanted, what is wanted by hand before the rest: of
  /// several faults the first one decides.
  private func inject(_ standing: inout Standing) {
    for fault in standing.injected { fault.heal() }
    standing.injected = []
    for (index, replica) in replicas.enumerated() {
      for scoped in standing.byHand + standing.phase where scoped.hits(replica: index) {
        guard let fault = scoped.serverFault else { continue }
        standing.injected.append(replica.server.inject(fault, scoped.serverScope))
      }
    }
  }
}
