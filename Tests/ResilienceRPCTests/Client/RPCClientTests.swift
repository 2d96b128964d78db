import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Calls over Connect", .byThemselves, .timeLimit(.minutes(1)))
struct RPCClientTests {
  private let service = RPCServer.users()
  private let server: FaultServer

  init() throws {
    server = try .carrying(service)
  }

  private func client<P: Policy>(
    _ policy: P = NoPolicy(),
    format: RPCFormat = .json,
    config: ServiceConfig? = nil,
    metadata: RPCMetadata = [:],
    limits: RPCLimits = RPCLimits(),
    usesGET: Bool = false,
    timeline: Timeline = .system
  ) -> RPCClient<P> {
    RPCClient(
      baseURL: server.url,
      format: format,
      session: URLSession(configuration: .ephemeral),
      pipeline: policy,
      serviceConfig: config,
      metadata: metadata,
      limits: limits,
      usesGET: usesGET,
      timeline: timeline
    )
  }

  /// A policy that holds calls back for ever.
  private struct Held: Policy {
    func run<T>(_ operation: () async throws -> T) async throws -> T {
      try await untilCancelled()
      return try await operation()
    }
  }

  @Test("The timeout of a service configuration is a status, before the first message as well")
  func configuredTimeout() async throws {
    let clock = ManualClock()
    let config = try ServiceConfig(
      json: Data(#"{"methodConfig":[{"name":[{}],"timeout":"7s"}]}"#.utf8),
      timeline: Timeline(clock)
    )
    let client = client(Held(), config: config, timeline: Timeline(clock))
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await client.call(.getUser, GetPersonRequest(id: 7)) },
      { try await client.stream(.watchUsers, WatchRequest(count: 1)) { _ in } },
    ]
    for call in calls {
      async let held = outcome(call)
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(7))
      let result = await held
      let error = try #require(throws: RPCStatus.self) { try result.get() }
      #expect(error.code == .deadlineExceeded)
      #expect(error.verdict == .failure)
    }
    // A timeout of the caller's own stays what it is.
    let own = self.client(Timeout(.zero, name: "own"), config: config)
    await #expect(throws: TimedOut.self) {
      try await own.call(.getUser, GetPersonRequest(id: 7))
    }
  }

  private var threeAttempts: Retry { Retry(attempts: 3, backoff: .none) }

  @Test(
    "A message goes there and another comes back, in both formats",
    arguments: [RPCFormat.json, .proto]
  )
  func unary(format: RPCFormat) async throws {
    let client = client(format: format, metadata: ["x-tenant": "t0"])
    let reply = try await client.call(.getUser, GetPersonRequest(id: 7))
    #expect(reply.message == Person(id: 7, name: "user 7"))
    #expect(reply.headers["x-shard"] == "3")
    #expect(reply.headers["x-seen"] == "t0")
    #expect(reply.trailers == ["x-cost": "7"])
    let own = try await client.call(.getUser, GetPersonRequest(id: 7), metadata: ["X-Tenant": "t1"])
    #expect(own.headers["x-seen"] == "t1")
    let made = try await client.call(.createUser, Person(id: 0, name: "é"))
    #expect(made.message == Person(id: 0, name: "é"))
    #expect(server.exchanges.map(\.method) == [.post, .post, .post])
  }

  @Test(
    "GET is for clients that want it, methods without side effects, and short messages",
    arguments: [RPCFormat.json, .proto]
  )
  func get(format: RPCFormat) async throws {
    let client = client(format: format, usesGET: true)
    let request = GetPersonRequest(id: 7)
    #expect(try await client.call(.getUser, request).message == Person(id: 7, name: "user 7"))
    _ = try await client.call(.getUserUnmarked, request)
    _ = try await client.call(.replaceUser, Person(id: 1, name: ""))
    let long = GetPersonRequest(id: 7, padding: String(repeating: "x", count: 9_000))
    #expect(try await client.call(.getUser, long).message.id == 7)
    #expect(server.exchanges.map(\.method) == [.get, .post, .post, .post])
  }

  @Test("An error has all that the service said", arguments: [RPCFormat.json, .proto])
  func error(format: RPCFormat) async throws {
    let error = try await #require(throws: RPCStatus.self) {
      try await client(format: format).call(.getUser, GetPersonRequest(id: 100))
    }
    #expect(error.code == .notFound)
    #expect(error.message == "no user 100")
    #expect(error.details == [RPCDetail(type: "acme.v1.User", bytes: Data([0x08, 0x07]))])
    #expect(try error.details[0].decode(Person.self).id == 7)
    #expect(error.headers["x-shard"] == "4")
    #expect(error.trailers == ["x-cost": "9"])
    #expect(error.method == "acme.v1.UserService/GetUser")
  }

  @Test("Whatever code a service answers with comes out", arguments: RPCCode.allCases)
  func codes(code: RPCCode) async throws {
    service.inject(RPCStatus(code, "because"))
    let error = try await #require(throws: RPCStatus.self) {
      try await client().call(.getUser, GetPersonRequest(id: 1))
    }
    #expect(error.code == code)
    #expect(error.message == "because")
    guard case .server = error.origin else {
      Issue.record("not the service said so")
      return
    }
  }

  @Test("Only methods that may be carried out twice are repeated")
  func idempotency() async throws {
    service.inject(RPCStatus(.unavailable))
    let client = client(threeAttempts)
    let user = Person(id: 1, name: "")
    await #expect(throws: RPCStatus.self) { try await client.call(.createUser, user) }
    #expect(server.requestCount == 1)
    await #expect(throws: RPCStatus.self) { try await client.call(.replaceUser, user) }
    #expect(server.requestCount == 4)
    await #expect(throws: RPCStatus.self) {
      try await client.call(.getUserUnmarked, GetPersonRequest(id: 1))
    }
    #expect(server.requestCount == 5)
  }

  @Test("A failure that passes is retried away")
  func recovery() async throws {
    let fault = service.inject(
      RPCStatus(.unavailable),
      times: 2,
      for: RPCMethod<GetPersonRequest, Person>.getUser.name
    )
    let reply = try await client(threeAttempts).call(.getUser, GetPersonRequest(id: 3))
    #expect(reply.message.id == 3)
    #expect(fault.hits == 2)
    #expect(service.callCount(of: RPCMethod<GetPersonRequest, Person>.getUser.name) == 3)
  }

  @Test("A push-back is waited for")
  func pushback() async throws {
    let clock = ManualClock()
    service.inject(
      RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "30000"]),
      times: 1
    )
    let retry = Retry(attempts: 2, backoff: .none, timeline: Timeline(clock))
    let client = client(retry)
    async let reply = client.call(.getUser, GetPersonRequest(id: 3))
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .milliseconds(29_999))
    #expect(clock.sleepers == 1)
    #expect(server.requestCount == 1)
    clock.advance(by: .milliseconds(1))
    #expect(try await reply.message.id == 3)
  }

  @Test("A push-back that forbids is obeyed")
  func forbidden() async throws {
    service.inject(RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "-1"]))
    await #expect(throws: RPCStatus.self) {
      try await client(threeAttempts).call(.getUser, GetPersonRequest(id: 3))
    }
    #expect(server.requestCount == 1)
  }

  @Test("What is left of the deadline goes with each attempt")
  func deadline() async throws {
    let clock = ManualClock()
    let timeline = Timeline(clock)
    service.inject(RPCStatus(.unavailable), times: 1)
    let client = client(Retry(attempts: 2, backoff: .constant(.seconds(2)), timeline: timeline))
    async let reply = withCallDeadline(in: .seconds(10), on: timeline) {
      try await client.call(.getUser, GetPersonRequest(id: 3)).message
    }
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(2))
    #expect(try await reply.id == 3)
    #expect(server.exchanges.map { $0.headers["connect-timeout-ms"] } == ["10000", "8000"])
  }

  @Test("The service heeds the deadline")
  func serverTimeout() async throws {
    let ended = Signal()
    let slow = RPCServer.users { _ in
      do { try await untilCancelled() } catch { ended.raise(); throw error }
    }
    let server = try FaultServer.carrying(slow)
    // For the client no time passes: that the call ends is the service's doing.
    let stopped = Timeline(ManualClock())
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy(), timeline: stopped)
    let error = try await #require(throws: RPCStatus.self) {
      try await withCallDeadline(in: .milliseconds(80), on: stopped) {
        try await client.call(.getUser, GetPersonRequest(id: 3))
      }
    }
    #expect(error.code == .deadlineExceeded)
    #expect(error.message == "the client's time is over")
    await ended.wait()
  }

  @Test("A call ends at its deadline even if the service is deaf to it")
  func deafService() async throws {
    let (begun, ended) = (Signal(), Signal())
    let clock = ManualClock()
    // Without a header the service has no timeout; it ends since the client leaves.
    let deaf = RPCServer {
      RPCHandler.unary(RPCMethod<GetPersonRequest, Person>.getUser) { _, _ in
        begun.raise()
        do { try await untilCancelled() } catch { ended.raise(); throw error }
        return RPCReply(Person(id: 1, name: ""))
      }
    }
    let server = try FaultServer.carrying(deaf, withoutTimeouts: true)
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let timeline = Timeline(clock)
    let client = RPCClient(baseURL: server.url, pipeline: breaker, timeline: timeline)
    async let call = outcome {
      try await withCallDeadline(in: .seconds(5), on: timeline) {
        try await client.call(.getUser, GetPersonRequest(id: 3)).message
      }
    }
    await begun.wait()
    clock.advance(by: .seconds(5))
    let result = await call
    let error = try #require(throws: RPCStatus.self) { try result.get() }
    #expect(error.code == .deadlineExceeded)
    #expect(error.method == "acme.v1.UserService/GetUser")
    guard case .transport(let cause) = error.origin else {
      Issue.record("\(error)")
      return
    }
    #expect((cause as? TimedOut)?.limit == .seconds(5))
    #expect(breaker.state == .open)
    await ended.wait()
  }

  @Test("When the deadline has passed nothing is sent")
  func passedDeadline() async throws {
    let client = client(threeAttempts)
    let error = try await #require(throws: RPCStatus.self) {
      try await withCallDeadline(in: .zero) {
        try await client.call(.getUser, GetPersonRequest(id: 3))
      }
    }
    #expect(error.code == .deadlineExceeded)
    #expect(error.verdict == .ignored)
    #expect(server.requestCount == 0)
  }

  @Test("A cancelled call is a cancellation, and the service sees it")
  func cancellation() async throws {
    let (begun, ended) = (Signal(), Signal())
    let slow = RPCServer.users { _ in
      begun.raise()
      do { try await untilCancelled() } catch { ended.raise(); throw error }
    }
    let server = try FaultServer.carrying(slow)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    let call = Task { try await client.call(.getUser, GetPersonRequest(id: 3)) }
    await begun.wait()
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    await ended.wait()
  }

  @Test("A refused connection may be tried again whatever the method does")
  func refused() async throws {
    let outage = server.inject(.refuse)
    let client = client(
      Retry(attempts: 3, backoff: .none) { pause in if pause.attempt == 2 { outage.heal() } }
    )
    let reply = try await client.call(.createUser, Person(id: 5, name: "x"))
    #expect(reply.message.id == 5)
    #expect(server.requestCount == 1)
  }

  @Test("A connection that breaks is UNAVAILABLE, and a method that is not marked is not repeated")
  func broken() async throws {
    server.inject(.reset(.beforeHandler))
    let error = try await #require(throws: RPCStatus.self) {
      try await client(threeAttempts).call(
        .getUserUnmarked,
        GetPersonRequest(id: 1),
        metadata: ["connection-hint": "x"]
      )
    }
    #expect(error.code == .unavailable)
    guard case .transport(let cause) = error.origin else {
      Issue.record("not of the transport")
      return
    }
    #expect(cause is URLError)
    #expect(server.requestCount == 1)
  }

  @Test("A status of something in between has its code, and its Retry-After")
  func gateway() async throws {
    server.inject(.status(503, headers: ["Retry-After": "7"], body: Data("<busy>".utf8)))
    let error = try await #require(throws: RPCStatus.self) {
      try await client().call(.getUser, GetPersonRequest(id: 1))
    }
    #expect(error.code == .unavailable)
    #expect(error.retryAdvice == .allowedAfter(.seconds(7)))
  }

  @Test("A page of the network in between is no message")
  func captivePortal() async throws {
    server.inject(.status(200, headers: ["Content-Type": "text/html"], body: Data("<p>".utf8)))
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let error = try await #require(throws: RPCStatus.self) {
      try await client(breaker).call(.getUser, GetPersonRequest(id: 1))
    }
    guard case .client(.unexpectedContentType("text/html")) = error.origin else {
      Issue.record("\(error)")
      return
    }
    #expect(breaker.state == .closed)
  }

  @Test("A message that cannot be read is an error that says so")
  func undecodable() async throws {
    let body = Data(#"{"id":"many"}"#.utf8)
    server.inject(.status(200, headers: ["Content-Type": "application/json"], body: body))
    let error = try await #require(throws: RPCStatus.self) {
      try await client().call(.getUser, GetPersonRequest(id: 1))
    }
    #expect(error.code == .internal)
    guard case .client(.notDecodable(let cause)) = error.origin else {
      Issue.record("\(error)")
      return
    }
    #expect(cause is ProtoError)
  }

  @Test("Messages have bounds, of the client and of the configuration")
  func bounds() async throws {
    var limits = RPCLimits()
    limits.requestBytes = 40
    limits.responseBytes = 40
    let fitting = String(repeating: "x", count: 20)
    let long = String(repeating: "x", count: 60)
    #expect(
      try await client(limits: limits).call(.createUser, Person(id: 1, name: fitting)).message.id
        == 1
    )
    func origin(_ client: RPCClient<NoPolicy>, _ name: String) async -> String {
      do {
        return try await client.call(.createUser, Person(id: 1, name: name)).message.name
      } catch {
        return "\((error as? RPCStatus)?.code, default: "none") \(error)"
      }
    }
    let tooLong = await origin(client(limits: limits), long)
    #expect(tooLong.hasPrefix("RESOURCE_EXHAUSTED"))
    #expect(tooLong.hasSuffix("the request has 80 bytes, and may have 40"))
    limits.requestBytes = 1_000
    let tooLarge = await origin(client(limits: limits), long)
    #expect(tooLarge.hasSuffix("the response is longer than 40 bytes"))
    let vast = await origin(client(limits: limits), String(repeating: "x", count: 900))
    #expect(vast.hasSuffix("the response is longer than 40 bytes"))
    let json = #"{"methodConfig":[{"name":[{}],"maxRequestMessageBytes":50}]}"#
    let config = try ServiceConfig(json: Data(json.utf8))
    #expect(await origin(client(config: config), long).hasSuffix("and may have 50"))
    #expect(await origin(client(config: config), fitting) == fitting)
  }

  @Test("Metadata that cannot be sent is an error before anything is")
  func invalidMetadata() async throws {
    let error = try await #require(throws: RPCStatus.self) {
      try await client(threeAttempts).call(
        .getUser,
        GetPersonRequest(id: 1),
        metadata: ["x": "a\r\nInjected: 1"]
      )
    }
    #expect(error.code == .invalidArgument)
    #expect(server.requestCount == 0)
  }

  @Test("A criticality that was stated goes with the call")
  func criticality() async throws {
    _ = try await withCriticality(.sheddable) {
      try await client().call(.getUser, GetPersonRequest(id: 1))
    }
    #expect(server.exchanges.first?.headers["x-request-criticality"] == "sheddable")
  }

  @Test("A service configuration stands around the pipeline, whose policies see each attempt")
  func serviceConfig() async throws {
    let json = #"""
      {"methodConfig":[{"name":[{"service":"acme.v1.UserService","method":"CreateUser"}],
      "timeout":"50s","retryPolicy":{"maxAttempts":3,"initialBackoff":"0.001s","maxBackoff":"0.001s",
      "backoffMultiplier":1,"retryableStatusCodes":["ABORTED"]}}]}
      """#
    let config = try ServiceConfig(json: Data(json.utf8))
    let breaker = CircuitBreaker("x")
    service.inject(RPCStatus(.aborted), times: 2)
    let client = client(breaker, config: config)
    _ = try await client.call(.createUser, Person(id: 1, name: ""))
    #expect(server.requestCount == 3)
    #expect(breaker.snapshot.windows.first?.tally.calls == 3)
    let left = server.exchanges.compactMap { $0.headers["connect-timeout-ms"].flatMap { Int($0) } }
    #expect(left.count == 3 && left.allSatisfy { (1...50_000).contains($0) })
  }

  @Test("A hedging policy makes calls at the same time")
  func hedging() async throws {
    let json = #"""
      {"methodConfig":[{"name":[{}],"hedgingPolicy":{"maxAttempts":3,"hedgingDelay":"20s",
      "nonFatalStatusCodes":["UNAVAILABLE"]}}]}
      """#
    let config = try ServiceConfig(json: Data(json.utf8))
    service.inject(RPCStatus(.unavailable), times: 2)
    let reply = try await client(config: config).call(.getUser, GetPersonRequest(id: 4))
    #expect(reply.message.id == 4)
    #expect(server.requestCount == 3)
  }
}
