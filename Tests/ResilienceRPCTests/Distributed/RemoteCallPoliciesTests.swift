import Distributed
import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

@Suite("Distributed actors")
struct RemoteCallPoliciesTests {
  distributed actor Greeter {
    typealias ActorSystem = ResilientTestSystem

    private var greeted = 0

    distributed func findGreeting(for name: String) -> String { "hello \(name)" }

    distributed func greet(_ name: String) -> Int {
      greeted += 1
      return greeted
    }

    distributed func forget() { greeted = 0 }
  }

  /// A greeter, and a reference to it that takes the way over the system.
  private func greeter(
    _ system: ResilientTestSystem
  ) throws -> (local: Greeter, remote: Greeter) {
    let local = Greeter(actorSystem: system)
    return (local, try Greeter.resolve(id: local.id, using: system.elsewhere()))
  }

  @Test("A remote call goes through the pipeline and comes back")
  func success() async throws {
    let system = ResilientTestSystem()
    let (_, remote) = try greeter(system)
    #expect(try await remote.findGreeting(for: "you") == "hello you")
    #expect(try await remote.greet("you") == 1)
    try await remote.forget()
    #expect(try await remote.greet("you") == 1)
    #expect(system.network.calls == 4)
  }

  @Test("A call that may be carried out twice is repeated, any other is not")
  func retries() async throws {
    let system = ResilientTestSystem()
    let (_, remote) = try greeter(system)
    system.network.fail(2, with: RPCStatus(.unavailable))
    #expect(try await remote.findGreeting(for: "you") == "hello you")
    #expect(system.network.calls == 3)
    system.network.fail(1, with: RPCStatus(.unavailable))
    await #expect(throws: RPCStatus.self) { try await remote.greet("you") }
    #expect(system.network.calls == 4)
  }

  @Test("A breaker opens over remote calls, those without a value included")
  func breaker() async throws {
    let system = ResilientTestSystem()
    let (_, remote) = try greeter(system)
    system.network.fail(.max, with: RPCStatus(.internal))
    for _ in 0..<3 { _ = try? await remote.forget() }
    #expect(system.breaker.state == .open)
    await #expect(throws: CircuitOpen.self) { try await remote.greet("you") }
    #expect(system.network.calls == 3)
  }
}
