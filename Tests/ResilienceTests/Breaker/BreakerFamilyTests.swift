import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Circuit breaker: a family")
struct BreakerFamilyTests {
  private let clock = ManualClock()

  private func breaker(
    _ name: String,
    _ trip: TripRule,
    openFor: Duration = .seconds(10),
    parent: CircuitBreaker? = nil
  ) -> CircuitBreaker {
    var settings = BreakerSettings()
    settings.trip = trip
    settings.open = .constant(openFor)
    return CircuitBreaker(name, settings, parent: parent, timeline: Timeline(clock))
  }

  private func fail(_ breaker: CircuitBreaker) async {
    _ = try? await breaker.run { throw Boom() }
  }

  @Test("A parent opens when a share of its children is open, and a refusal names the level")
  func openChildren() async throws {
    let region = breaker("region", .openChildren(1, atLeast: 2))
    let host = breaker("host", .openChildren(0.5, atLeast: 2), parent: region)
    let other = breaker("other host", .consecutiveFailures(1), parent: region)
    let endpoints = (0..<4).map {
      breaker("endpoint \($0)", .consecutiveFailures(1), parent: host)
    }
    await fail(endpoints[0])
    #expect(endpoints[0].state == .open)
    #expect(host.state == .closed)
    var error = await #expect(throws: CircuitOpen.self) { try await endpoints[0].run {} }
    #expect(error?.policy == "endpoint 0")

    await fail(endpoints[1])
    #expect(host.state == .open)
    error = await #expect(throws: CircuitOpen.self) { try await endpoints[3].run {} }
    #expect(error?.policy == "host")
    #expect(region.state == .closed)

    await fail(other)
    #expect(region.state == .open)
    error = await #expect(throws: CircuitOpen.self) { try await endpoints[3].run {} }
    #expect(error?.policy == "region")
  }

  @Test("The family recovers: a child's probe is the parent's probe too")
  func recovery() async throws {
    let host = breaker("host", .openChildren(0.5, atLeast: 1), openFor: .seconds(20))
    let endpoints = (0..<2).map {
      breaker("endpoint \($0)", .consecutiveFailures(1), parent: host)
    }
    await fail(endpoints[0])
    #expect(host.state == .open)
    clock.advance(by: .seconds(20))
    #expect(try await endpoints[0].run { 7 } == 7)
    #expect(host.state == .closed)
    #expect(endpoints[0].state == .closed)
  }

  @Test("A child whose open duration is over does not count as open")
  func expiredChild() async throws {
    let host = breaker("host", .openChildren(1, atLeast: 2))
    let endpoints = (0..<2).map {
      breaker("endpoint \($0)", .consecutiveFailures(1), openFor: .seconds(5), parent: host)
    }
    await fail(endpoints[0])
    clock.advance(by: .seconds(5))
    await fail(endpoints[1])
    #expect(host.state == .closed)
  }

  @Test("A parent counts its children's outcomes by its own rule, but not their refusals")
  func ownRule() async throws {
    let host = breaker("host", .consecutiveFailures(3))
    let endpoints = (0..<3).map {
      breaker("endpoint \($0)", .consecutiveFailures(1), parent: host)
    }
    await fail(endpoints[0])
    for _ in 0..<10 { await fail(endpoints[0]) }
    #expect(host.snapshot.consecutiveFailures == 1)
    await fail(endpoints[1])
    #expect(host.state == .closed)
    await fail(endpoints[2])
    #expect(host.state == .open)
  }

  @Test("A permit holds a place of every level, and gives all back, also when a level refuses")
  func permits() async throws {
    let host = breaker("host", .consecutiveFailures(1))
    let endpoint = breaker("endpoint", .consecutiveFailures(1), parent: host)
    await fail(endpoint)
    clock.advance(by: .seconds(10))
    do {
      let permit = try await endpoint.acquire()
      #expect(host.snapshot.probes == 1 && endpoint.snapshot.probes == 1)
      await #expect(throws: CircuitOpen.self) { _ = try await endpoint.acquire() }
      await permit.settle(as: .ignored)
    }
    #expect(host.snapshot.probes == 0 && endpoint.snapshot.probes == 0)

    let hold = await endpoint.hold(.forcedOpen)
    let error = await #expect(throws: CircuitOpen.self) { _ = try await endpoint.acquire() }
    #expect(error?.policy == "endpoint")
    #expect(host.snapshot.probes == 0)
    await hold.release()

    #expect(try await endpoint.acquire().settle(as: .success) == .recorded)
    #expect(host.state == .closed && endpoint.state == .closed)
  }
}
