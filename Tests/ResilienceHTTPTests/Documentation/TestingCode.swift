import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// The code of the article on testing, compiled and run.

private struct Down: Error {}

private func page(for refusal: CircuitOpen) -> String {
  refusal.retryAfter.map { "Payments are back in \($0)." } ?? "Payments are away."
}

private func request(_ url: URL) -> URLRequest {
  URLRequest(url: url.appending(path: "users/7"))
}

@Suite("The article on testing")
struct TestingArticleTests {
  @Test("Ask what it is")
  func lint() {
    let payments = Pipeline<AnyPolicy>.standard("payments")
    #expect(payments.lint().isEmpty, "\(payments.describe())")
    #expect(payments.mostCalls == 3)
  }

  @Test("Move the clock by hand")
  func clock() async {
    let clock = ManualClock()
    let breaker = CircuitBreaker(
      "payments",
      trip: .consecutiveFailures(1),
      openFor: .seconds(30),
      timeline: Timeline(clock)
    )
    try? await breaker.run { throw Down() }
    #expect(breaker.state == .open)
    clock.advance(by: .seconds(30))
    #expect(breaker.state == .halfOpen)
  }

  @Test("Simulate a bad day")
  func badDay() async throws {
    try await Simulation(seed: 42).run { world in
      let gateway = ModelledService(in: world, capacity: 50)
      gateway.outage(from: .seconds(10), to: .seconds(40))
      let payments = Pipeline<AnyPolicy>.standard(
        "payments",
        timeline: world.timeline,
        random: world.random
      )
      let report = await world.openLoop(rate: 20, for: .seconds(120), callee: gateway) {
        try await payments.run { try await gateway.call() }
      }
      try report.requireSuccess(atLeast: 1, from: .seconds(80), to: .seconds(120))
    }
  }

  @Test("Break a real server")
  func server() async throws {
    let session = URLSession(configuration: .ephemeral)
    defer { session.invalidateAndCancel() }
    let users = Timeout(.seconds(30))
    let server = try FaultServer {
      Route(.get, "/users/{id}") { request in .text("user \(request.parameters["id"] ?? "?")") }
    }
    let outage = server.inject(.status(503))
    await #expect(throws: HTTPStatusError.self) {
      try await session.data(for: request(server.url), through: users)
    }
    outage.heal()
    let (body, _) = try await session.data(for: request(server.url), through: users)
    #expect(String(decoding: body, as: UTF8.self) == "user 7")
    server.stop()
  }

  @Test("Test how code bears a refusal")
  func refusal() {
    let refusal = CircuitOpen(policy: "payments", retryAfter: .seconds(5))
    #expect(page(for: refusal) == "Payments are back in 5.0 seconds.")
  }
}
