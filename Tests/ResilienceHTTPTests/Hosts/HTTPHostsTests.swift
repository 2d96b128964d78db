import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Policies for each host")
struct HTTPHostsTests {
  private let well: FaultServer
  private let ill: FaultServer
  private let session = URLSession.fresh()
  private let hosts = HTTPHosts { target in
    CircuitBreaker("\(target)", trip: .consecutiveFailures(2))
  }

  init() throws {
    well = try .sample()
    ill = try .sample()
    ill.inject(.status(503))
  }

  private func fail(_ path: String = "notes/1", through hosts: HTTPHosts<CircuitBreaker>) async {
    for _ in 0..<2 { _ = try? await session.data(for: ill.request(path), through: hosts) }
  }

  private func breaker(of server: FaultServer) throws -> CircuitBreaker {
    let target = try #require(hosts.target(of: server.url))
    return try #require(hosts.policies.existing(target))
  }

  @Test("The outage of one host opens its circuit only")
  func apart() async throws {
    await fail(through: hosts)
    _ = try await session.data(for: well.request("notes/1"), through: hosts)
    #expect(try breaker(of: ill).state == .open && breaker(of: well).state == .closed)
    let error = await #expect(throws: CircuitOpen.self) {
      try await session.data(for: ill.request("notes/1"), through: hosts)
    }
    #expect(error?.policy == "http://127.0.0.1:\(ill.port)")
    #expect(ill.requestCount == 2)
  }

  @Test("However the address of a host is written, its policies are the same")
  func oneKey() throws {
    let ways = ["http://a.test/x", "HTTP://A.TEST:80/y?z", "http://u:p@a.test./#f"]
    let targets = ways.compactMap { URL(string: $0).flatMap { hosts.target(of: $0) } }
    #expect(targets.count == 3 && Set(targets).count == 1)
    for target in targets { _ = hosts.policies[target] }
    #expect(hosts.policies.count == 1)
  }

  @Test("A template has policies of its own on each host; what matches none shares the host's")
  func routes() async throws {
    let hosts = HTTPHosts(routes: ["/notes/{id}", "/{any}/{thing}"]) { target in
      CircuitBreaker("\(target)", trip: .consecutiveFailures(2))
    }
    await fail(through: hosts)
    ill.healAll()
    _ = try await session.data(for: ill.request("page"), through: hosts)
    _ = try await session.data(for: ill.request("bytes/1"), through: hosts)
    _ = try await session.data(for: well.request("notes/1"), through: hosts)
    await #expect(throws: CircuitOpen.self) {
      try await session.data(for: ill.request("notes/2"), through: hosts)
    }
    let names = Set(hosts.policies.snapshot().map(\.key.description))
    let base = "http://127.0.0.1:\(ill.port)"
    #expect(
      names == [
        base, "\(base)/notes/{id}", "\(base)/{any}/{thing}",
        "http://127.0.0.1:\(well.port)/notes/{id}",
      ]
    )
  }

  @Test("There are never more than the limit, and a host in trouble is not forgotten for others")
  func bound() async throws {
    let hosts = HTTPHosts(limit: 3) { CircuitBreaker("\($0)", trip: .consecutiveFailures(2)) }
    await fail(through: hosts)
    for number in 0..<100 {
      let url = try #require(URL(string: "http://host-\(number).test/"))
      _ = try await hosts.policy(for: url).run { number }
      #expect(hosts.policies.count <= 3)
    }
    await #expect(throws: CircuitOpen.self) {
      try await session.data(for: ill.request("notes/1"), through: hosts)
    }
  }

  @Test("A request that HTTP cannot carry takes no place, and is no call")
  func noHost() async throws {
    for (text, code) in [("ftp://a.test/", URLError.Code.unsupportedURL), ("http:///x", .badURL)] {
      let request = URLRequest(url: try #require(URL(string: text)))
      let error = await #expect(throws: URLError.self) {
        try await session.data(for: request, through: hosts)
      }
      #expect(error?.code == code)
    }
    #expect(hosts.policies.count == 0)
  }

  @Test("A service takes the policies of its host")
  func service() async throws {
    let service = HTTPService(
      baseURL: ill.url,
      session: session,
      pipeline: try hosts.policy(for: ill.url)
    )
    for _ in 0..<3 { _ = try? await service.get("notes/1", as: Note.self) }
    #expect(ill.requestCount == 2)
    #expect(try breaker(of: ill).state == .open)
    let policy = try hosts.policy(for: ill.url)
    #expect(!policy.isAtRest && policy.stages.map(\.kind) == [.breaker] && policy.mostCalls == 1)
    #expect(try hosts.policy(for: well.url).isAtRest)
  }

  @Test("The standard has a breaker, a bulkhead and, if a rate is given, a limiter for each host")
  func standard() throws {
    let url = try #require(URL(string: "https://api.test/"))
    let bare = HTTPHosts.standard()
    let stages = try bare.policy(for: url).stages
    #expect(stages.map(\.kind) == [.timeout, .retry, .breaker, .bulkhead, .timeout])
    #expect(stages[2].name == "https://api.test")
    #expect(try bare.policy(for: url).mostCalls == 3 && bare.policies.limit == 1_000)
    #expect(bare.policies.idleAfter == .seconds(600))
    let limited = HTTPHosts.standard(rate: .tokenBucket(10, per: .seconds(1)))
    let five = try limited.policy(for: url).stages
    #expect(five.map(\.kind) == [.timeout, .retry, .breaker, .rateLimiter, .bulkhead, .timeout])
    // But for the rate they are alike.
    #expect(five.filter { $0.kind != .rateLimiter } == stages)
    #expect(LintFinding.all(in: stages).isEmpty && LintFinding.all(in: five).isEmpty)
  }

  @Test("A rate is each host's own")
  func rate() async throws {
    let clock = ManualClock()
    let hosts = HTTPHosts.standard(
      rate: .tokenBucket(1, per: .seconds(3_600)),
      timeline: Timeline(clock)
    )
    _ = try await session.data(for: well.request("notes/1"), through: hosts)
    await #expect(throws: RateLimited.self) {
      try await session.data(for: well.request("notes/1"), through: hosts)
    }
    ill.healAll()
    _ = try await session.data(for: ill.request("notes/1"), through: hosts)
    #expect(well.requestCount == 1 && ill.requestCount == 1)
  }
}
