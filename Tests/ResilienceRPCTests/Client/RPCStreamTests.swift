import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Synchronization
import Testing

@testable import ResilienceRPC

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Streams over Connect", .byThemselves, .timeLimit(.minutes(1)))
struct RPCStreamTests {
  private let service = RPCServer.users()
  private let server: FaultServer

  init() throws {
    server = try .carrying(service)
  }

  private func client<P: Policy>(
    _ policy: P = NoPolicy(),
    format: RPCFormat = .json,
    config: ServiceConfig? = nil,
    limits: RPCLimits = RPCLimits(),
    timeline: Timeline = .system
  ) -> RPCClient<P> {
    RPCClient(
      baseURL: server.url,
      format: format,
      session: URLSession(configuration: .ephemeral),
      pipeline: policy,
      serviceConfig: config,
      limits: limits,
      timeline: timeline
    )
  }

  @Test(
    "Messages come one by one, and the trailers after them",
    arguments: [RPCFormat.json, .proto]
  )
  func messages(format: RPCFormat) async throws {
    try await client(format: format).stream(.watchUsers, WatchRequest(count: 300)) { users in
      var ids: [Int64] = []
      for try await user in users {
        #expect(users.trailers == nil)
        ids.append(user.id)
      }
      #expect(ids == Array(1...300))
      #expect(users.trailers == ["x-cost": "300"])
      #expect(users.headers["content-type"] == "application/connect+\(format)")
      // After the end there is nothing more.
      for try await _ in users { Issue.record("a message after the end") }
    }
  }

  @Test("A stream without a message succeeds")
  func empty() async throws {
    let count = try await client().stream(.watchUsers, WatchRequest(count: 0)) { users in
      try await users.reduce(0) { sum, _ in sum + 1 }
    }
    #expect(count == 0)
  }

  @Test("A failure before the first message is retried and judged, as that of a unary call")
  func failureAtFirst() async throws {
    service.inject(RPCStatus(.unavailable), times: 2)
    let breaker = CircuitBreaker("x")
    let policy = Pipeline("x") {
      Retry(attempts: 3, backoff: .none)
      breaker
    }
    let first = try await client(policy).stream(.watchUsers, WatchRequest(count: 1)) { users in
      try await users.first { _ in true }
    }
    #expect(first?.id == 1)
    #expect(server.requestCount == 3)
    #expect(breaker.snapshot.windows.first?.tally.failures == 2)
  }

  @Test("A failure after it comes out of the stream, once, and is not repeated")
  func failureLater() async throws {
    let request = WatchRequest(count: 5, failAfter: 2)
    let client = client(Retry(attempts: 3, backoff: .none))
    var ids: [Int64] = []
    let error = try await #require(throws: RPCStatus.self) {
      try await client.stream(.watchUsers, request) { users in
        for try await user in users { ids.append(user.id) }
      }
    }
    #expect(ids == [1, 2])
    #expect(error.code == .dataLoss)
    #expect(error.message == "the rest is gone")
    #expect(error.trailers == ["x-cost": "1"])
    #expect(server.requestCount == 1)
  }

  @Test("Who stops reading ends the transfer, and the service notices")
  func stopReading() async throws {
    let ended = Signal()
    let endless = RPCServer {
      RPCHandler.stream(.watchUsers) { _, _, send in
        do {
          for id in 0... { try await send(Person(id: Int64(id), name: "")) }
        } catch {
          ended.raise()
          throw error
        }
        return [:]
      }
    }
    let server = try FaultServer.carrying(endless)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    let seen = try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
      try await users.prefix(3).reduce(into: []) { $0.append($1.id) }
    }
    #expect(seen == [0, 1, 2])
    await ended.wait()
  }

  @Test("A cancelled reader gets a cancellation, and the service notices")
  func cancellation() async throws {
    let (begun, ended) = (Signal(), Signal())
    let silent = RPCServer {
      RPCHandler.stream(.watchUsers) { _, _, send in
        try await send(Person(id: 1, name: ""))
        do { try await untilCancelled() } catch { ended.raise(); throw error }
        return [:]
      }
    }
    let server = try FaultServer.carrying(silent)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    let call = Task {
      try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
        for try await _ in users { begun.raise() }
      }
    }
    await begun.wait()
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    await ended.wait()
  }

  @Test("A stream that breaks off is UNAVAILABLE, one without an end too early")
  func truncated() async throws {
    let cut = Frame(payload: Data(#"{"id":"1"}"#.utf8)).bytes
    func error(_ body: Data) async throws -> RPCStatus {
      server.healAll()
      server.inject(
        .status(200, headers: ["Content-Type": "application/connect+json"], body: body)
      )
      return try await #require(throws: RPCStatus.self) {
        try await client().stream(.watchUsers, WatchRequest(count: 1)) { users in
          for try await _ in users {}
        }
      }
    }
    for body in [cut, cut + cut.prefix(3), cut + cut.dropLast()] {
      let error = try await error(body)
      #expect(error.code == .unavailable)
      guard case .client(.truncatedResponse) = error.origin else {
        Issue.record("\(error)")
        continue
      }
    }
    let end = Frame(flags: 2, payload: Data("{}".utf8)).bytes
    let after = try await error(cut + end + cut)
    guard case .client(.invalidFrame(flags: 2)) = after.origin else {
      Issue.record("\(after)")
      return
    }
    let compressed = try await error(Frame(flags: 1, payload: Data([1])).bytes + end)
    guard case .client(.compressedMessage) = compressed.origin else {
      Issue.record("\(compressed)")
      return
    }
  }

  @Test("Messages have a bound, and so has the whole stream")
  func bounds() async throws {
    var limits = RPCLimits()
    limits.responseBytes = 10
    let message = try await #require(throws: RPCStatus.self) {
      try await client(limits: limits).stream(.watchUsers, WatchRequest(count: 1)) { users in
        for try await _ in users {}
      }
    }
    #expect(message.code == .resourceExhausted)
    #expect(message.message.hasSuffix("longer than 10 bytes"))
    limits = RPCLimits()
    limits.streamBytes = 2_000
    let stream = try await #require(throws: RPCStatus.self) {
      try await client(limits: limits).stream(.watchUsers, WatchRequest(count: 10_000)) { users in
        for try await _ in users {}
      }
    }
    #expect(stream.code == .resourceExhausted)
    #expect(stream.message.hasSuffix("longer than 2000 bytes"))
  }

  @Test("After a message that cannot be read nothing more comes")
  func undecodable() async throws {
    let bad = Frame(payload: Data(#"{"id":"many"}"#.utf8)).bytes
    let good = Frame(payload: Data(#"{"id":"2"}"#.utf8)).bytes
    let end = Frame(flags: 2, payload: Data("{}".utf8)).bytes
    server.inject(
      .status(
        200,
        headers: ["Content-Type": "application/connect+json"],
        body: bad + good + end
      )
    )
    try await client().stream(.watchUsers, WatchRequest(count: 1)) { users in
      var iterator = users.makeAsyncIterator()
      await #expect(throws: RPCStatus.self) { try await iterator.next() }
      let after = try await iterator.next()
      #expect(after == nil)
    }
  }

  @Test("The service is told of the caller's deadline, not of the pipeline's timeout")
  func deadline() async throws {
    let clock = ManualClock()
    let client = client(Timeout(.seconds(2), timeline: Timeline(clock)))
    try await withCallDeadline(in: .seconds(30), on: Timeline(clock)) {
      try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
        for try await _ in users {}
      }
    }
    try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
      for try await _ in users {}
    }
    #expect(server.exchanges.map { $0.headers["connect-timeout-ms"] } == ["30000", nil])
  }

  /// A service that sends one message and then nothing, and does not hear of timeouts.
  private static func silentServer() throws -> FaultServer {
    let silent = RPCServer {
      RPCHandler.stream(.watchUsers) { _, _, send in
        try await send(Person(id: 1, name: ""))
        try await untilCancelled()
        return [:]
      }
    }
    return try FaultServer.carrying(silent, withoutTimeouts: true)
  }

  @Test("A stream ends at the deadline even if the service is deaf to it")
  func deafService() async throws {
    let server = try Self.silentServer()
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy(), timeline: timeline)
    let begun = Signal()
    async let call: Result<Void, any Error> = outcome {
      try await withCallDeadline(in: .seconds(5), on: timeline) {
        try await client.stream(.watchUsers, WatchRequest(count: 1), within: nil) { users in
          for try await _ in users { begun.raise() }
        }
      }
    }
    await begun.wait()
    clock.advance(by: .seconds(5))
    let result = await call
    let error = try #require(throws: RPCStatus.self) { try result.get() }
    #expect(error.code == .deadlineExceeded)
    #expect(server.exchanges.map { $0.headers["connect-timeout-ms"] } == ["5000"])
  }

  @Test("The timeout of a service configuration is that of the whole stream")
  func configuredTimeout() async throws {
    let server = try Self.silentServer()
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let config = try ServiceConfig(
      json: Data(#"{"methodConfig":[{"name":[{}],"timeout":"7s"}]}"#.utf8),
      timeline: timeline
    )
    let client = RPCClient(
      baseURL: server.url,
      pipeline: NoPolicy(),
      serviceConfig: config,
      timeline: timeline
    )
    let begun = Signal()
    async let call: Result<Void, any Error> = outcome {
      try await client.stream(.watchUsers, WatchRequest(count: 1), within: nil) { users in
        for try await _ in users { begun.raise() }
      }
    }
    await begun.wait()
    #expect(server.exchanges.map { $0.headers["connect-timeout-ms"] } == ["7000"])
    clock.advance(by: .seconds(7))
    let result = await call
    let error = try #require(throws: RPCStatus.self) { try result.get() }
    #expect(error.code == .deadlineExceeded)
  }

  /// A server that answers with a body of its own.
  private static func rawServer(
    _ produce: @escaping @Sendable (_ write: @escaping ServerBodyStream.Writer) async throws -> Void
  ) throws -> FaultServer {
    try FaultServer {
      Route(.post, "/\(RPCMethod<WatchRequest, Person>.watchUsers.name)") { _ in
        .stream(headers: ["Content-Type": "application/connect+json"], produce)
      }
    }
  }

  private static let message = Frame(payload: Data(#"{"id":"1"}"#.utf8)).bytes

  @Test("A second reader at the same time gets an error, and the first one all messages")
  func secondReader() async throws {
    let isRefused = Signal()
    let held = RPCServer {
      RPCHandler.stream(.watchUsers) { _, _, send in
        try await send(Person(id: 1, name: ""))
        await isRefused.wait()
        for id in 2...3 { try await send(Person(id: Int64(id), name: "")) }
        return [:]
      }
    }
    let server = try FaultServer.carrying(held)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    let seen = Seen()
    try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
      let read: @Sendable () async throws -> Void = {
        do {
          for try await user in users { seen.note(user.id) }
        } catch {
          isRefused.raise()
          throw error
        }
      }
      async let one = outcome(read)
      async let two = outcome(read)
      let errors = await [one, two].compactMap { result -> (any Error)? in
        if case .failure(let error) = result { error } else { nil }
      }
      #expect(errors.count == 1)
      guard case .transport(let cause) = (errors.first as? RPCStatus)?.origin else {
        Issue.record("\(errors)")
        return
      }
      #expect(cause is BodyIsBeingRead)
    }
    #expect(seen.all == [1, 2, 3])
  }

  private final class Seen: Sendable {
    private let numbers = Mutex<[Int64]>([])

    var all: [Int64] { numbers.withLock { $0 } }

    func note(_ number: Int64) { numbers.withLock { $0.append(number) } }
  }

  @Test("A response that stays open after its end costs a second, not the outcome")
  func openAfterEnd() async throws {
    let end = Frame(flags: 2, payload: Data(#"{"metadata":{"x-cost":["1"]}}"#.utf8)).bytes
    let server = try Self.rawServer { write in
      try await write(Self.message + end)
      try await untilCancelled()
    }
    let clock = ManualClock()
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy(), timeline: Timeline(clock))
    let call: @Sendable () async throws -> RPCMetadata? = {
      try await client.stream(.watchUsers, WatchRequest(count: 1), within: nil) { users in
        for try await user in users { #expect(user.id == 1) }
        return users.trailers
      }
    }
    async let trailers = outcome(call)
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(1))
    let result = await trailers
    #expect(try result.get() == ["x-cost": "1"])
    let cancelled = Task { try await call() }
    await clock.sleepers(atLeast: 1)
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
  }

  @Test("A response that is cut after its end ended as it says")
  func cutAfterEnd() async throws {
    let end = #"{"error":{"code":"aborted"},"metadata":{"x-cost":["1"]}}"#
    let read = Signal()
    let server = try Self.rawServer { write in
      try await write(Self.message + Frame(flags: 2, payload: Data(end.utf8)).bytes)
      await read.wait()
      throw CancellationError()
    }
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    let error = try await #require(throws: RPCStatus.self) {
      try await client.stream(.watchUsers, WatchRequest(count: 1)) { users in
        for try await _ in users { read.raise() }
      }
    }
    #expect(error.code == .aborted)
    #expect(error.trailers == ["x-cost": "1"])
  }

  @Test("The closure has a limit of its own")
  func limit() async throws {
    let silent = RPCServer {
      RPCHandler.stream(.watchUsers) { _, _, send in
        try await send(Person(id: 1, name: ""))
        try await untilCancelled()
        return [:]
      }
    }
    let server = try FaultServer.carrying(silent)
    let client = RPCClient(baseURL: server.url, pipeline: NoPolicy())
    await #expect(throws: TimedOut.self) {
      try await client.stream(.watchUsers, WatchRequest(count: 1), within: .milliseconds(50)) {
        users in
        for try await _ in users {}
      }
    }
  }
}
