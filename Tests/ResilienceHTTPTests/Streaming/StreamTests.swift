import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Streamed responses", .byThemselves)
struct StreamTests {
  private let server: FaultServer
  private let session = URLSession.fresh()

  init() throws {
    server = try .sample()
  }

  private struct Enough: Error, Equatable {}

  @Test("A body comes out piece by piece, whole and in order")
  func whole() async throws {
    let expected = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let server = try FaultServer {
      Route(.get, "/") { _ in ServerResponse(headers: ["X-A": "b"], body: expected) }
    }
    let data = try await session.stream(for: server.request(""), through: NoPolicy()) {
      response,
      body in
      #expect(response.statusCode == 200)
      #expect(response.value(forHTTPHeaderField: "x-a") == "b")
      var data = Data()
      for try await piece in body {
        #expect(!piece.isEmpty)
        data.append(piece)
      }
      return data
    }
    #expect(data == expected)
  }

  @Test("The head comes before the body has ended")
  func headFirst() async throws {
    server.inject(.endlessBody)
    let first = try await session.stream(for: server.request("notes/1"), through: NoPolicy()) {
      _,
      body in
      var pieces = body.makeAsyncIterator()
      return try await pieces.next()
    }
    #expect(first?.isEmpty == false)
  }

  @Test("An empty body ends at once, and so does the one of HEAD", arguments: ["GET", "HEAD"])
  func empty(method: String) async throws {
    let request = server.request(method == "GET" ? "bytes/0" : "bytes/1000", method)
    let count = try await session.stream(for: request, through: NoPolicy()) { _, body in
      try await body.reduce(0) { $0 + $1.count }
    }
    #expect(count == 0)
  }

  @Test("While nobody reads, the peer is held back, and what waits in memory is bounded")
  func backPressure() async throws {
    server.inject(.endlessBody)
    try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, body in
      var pieces = body.makeAsyncIterator()
      _ = try await pieces.next()
      let before = await sentWhenStill()
      // The system holds some bytes between the two, a few MiB on loopback at most.
      #expect(before < 16 << 20)
      #expect(body.transfer.buffered <= StreamedTransfer.capacity + 4 << 20)
      var count = 0
      while count < 8 << 20, let piece = try await pieces.next() { count += piece.count }
      #expect(await sentWhenStill() > before)
    }
  }

  /// What the server has sent once that has stopped growing.
  private func sentWhenStill() async -> Int {
    var sent = -1
    var stillFor = 0
    while stillFor < 20_000 {
      let now = server.sentBytes
      stillFor = now == sent ? stillFor + 1 : 0
      sent = now
      await Task.yield()
    }
    return sent
  }

  @Test("A reader that is slower than the peer misses nothing")
  func slowReader() async throws {
    let count = 5_000_000
    let (sum, length) = try await session.stream(
      for: server.request("bytes/\(count)"),
      through: NoPolicy()
    ) { _, body in
      var (sum, length) = (0, 0)
      for try await piece in body {
        for _ in 0..<50 { await Task.yield() }
        sum += piece.reduce(0) { $0 + Int($1) }
        length += piece.count
      }
      return (sum, length)
    }
    #expect(length == count)
    #expect(sum == count * 0x61)
  }

  @Test("Leaving the closure ends the transfer: the server sees the client go")
  func left() async throws {
    server.inject(.endlessBody)
    try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, _ in }
    while server.connectionCount > 0 { await Task.yield() }
    await #expect(throws: Enough.self) {
      try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, body in
        for try await _ in body { throw Enough() }
      }
    }
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("Cancelled while it waits for the head, and while it reads")
  func cancelled() async throws {
    let (session, server) = (session, server)
    server.inject(.hang, .next(1))
    let waiting = Task {
      try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, _ in }
    }
    await server.requests(atLeast: 1)
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }

    server.inject(.drip(1, every: .milliseconds(1)))
    let hasHead = Parked<Void>()
    let reading = Task {
      try await session.stream(for: server.request("bytes/1000000"), through: NoPolicy()) {
        _,
        body in
        hasHead.resume(with: ())
        for try await _ in body {}
      }
    }
    await hasHead.wait()
    reading.cancel()
    await #expect(throws: CancellationError.self) { try await reading.value }
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("A body that does not come in time ends with the limit, counted from the head")
  func bodyTimeout() async throws {
    let clock = ManualClock()
    let (session, server) = (session, server)
    server.inject(.drip(1, every: .milliseconds(1)))
    let hasHead = Parked<Void>()
    let reading = Task {
      try await session.stream(
        for: server.request("bytes/1000000"),
        through: NoPolicy(),
        bodyTimeout: .seconds(5),
        timeline: Timeline(clock)
      ) { _, body in
        hasHead.resume(with: ())
        for try await _ in body {}
      }
    }
    await hasHead.wait()
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(5))
    let error = await #expect(throws: TimedOut.self) { try await reading.value }
    #expect(error == TimedOut(policy: "response body", limit: .seconds(5)))
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("A timeout of an attempt does not govern the body, one around the call does")
  func attemptTimeout() async throws {
    let clock = ManualClock()
    let attempt = Timeout(.seconds(1), name: "attempt", timeline: Timeline(clock))
    let count = try await session.stream(for: server.request("bytes/3000000"), through: attempt) {
      _,
      body in
      clock.advance(by: .seconds(10))
      return try await body.reduce(0) { $0 + $1.count }
    }
    #expect(count == 3_000_000)

    server.inject(.endlessBody)
    let call = Timeout(.seconds(1), name: "call", timeline: Timeline(clock))
    let error = await #expect(throws: TimedOut.self) {
      try await call.run {
        try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, body in
          clock.advance(by: .seconds(1))
          for try await _ in body {}
        }
      }
    }
    #expect(error?.policy == "call")
  }

  @Test("The deadline of the call governs the body, when it comes before the body's own limit")
  func callDeadline() async throws {
    server.inject(.drip(1, every: .milliseconds(1)))
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let (session, server) = (session, server)
    let reading = Task {
      try await withCallDeadline(in: .seconds(3), on: timeline) {
        try await session.stream(
          for: server.request("bytes/1000000"),
          through: NoPolicy(),
          bodyTimeout: nil,
          timeline: timeline
        ) { _, body in
          for try await _ in body {}
        }
      }
    }
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(3))
    let error = await #expect(throws: TimedOut.self) { try await reading.value }
    #expect(error?.limit == .seconds(3))
  }

  @Test("A body beyond the bound ends with an error after as much as the bound allows")
  func tooLarge() async throws {
    server.inject(.endlessBody)
    var count = 0
    let error = await #expect(throws: ResponseTooLarge.self) {
      try await session.stream(
        for: server.request("notes/1"),
        through: NoPolicy(),
        maxResponseBytes: 1_000_000
      ) { _, body in
        for try await piece in body { count += piece.count }
      }
    }
    #expect(error?.limit == 1_000_000)
    #expect(count <= 1_000_000 && count > 900_000)
  }

  @Test("An announced length beyond the bound is refused before the closure, and not repeated")
  func announced() async throws {
    await #expect(throws: ResponseTooLarge.self) {
      try await session.stream(
        for: server.request("bytes/1001"),
        through: threeAttempts(),
        maxResponseBytes: 1_000
      ) { _, _ in Issue.record("the closure was called") }
    }
    #expect(server.requestCount == 1)
  }

  @Test("A failure before the head is retried; the closure is called once")
  func retried() async throws {
    server.inject(.status(503), .next(2))
    var calls = 0
    try await session.stream(for: server.request("notes/1"), through: threeAttempts()) {
      response,
      body in
      calls += 1
      #expect(response.statusCode == 200)
    }
    #expect(calls == 1)
    #expect(server.requestCount == 3)
  }

  @Test("A failing status is an error with the beginning of its body")
  func failing() async throws {
    server.inject(.status(503, body: Data(String(repeating: "x", count: 2_000).utf8)))
    let error = try await #require(throws: HTTPStatusError.self) {
      try await session.stream(for: server.request("notes/1"), through: threeAttempts()) { _, _ in }
    }
    #expect(error.status == 503)
    #expect(error.bodyExcerpt == String(repeating: "x", count: 1_024))
    #expect(server.requestCount == 3)
  }

  @Test("A failing status whose body breaks off is that status still")
  func failingTruncated() async throws {
    let head = "HTTP/1.1 503 Down\r\nContent-Length: 1000\r\n\r\nsorry"
    server.inject(.garbage(Data(head.utf8)))
    let error = try await #require(throws: HTTPStatusError.self) {
      try await session.stream(for: server.request("notes/1"), through: NoPolicy()) { _, _ in }
    }
    #expect(error.bodyExcerpt == "sorry")
  }

  @Test("A 404 is a response, as it is for data")
  func notFound() async throws {
    let text = try await session.stream(for: server.request("notes/404"), through: threeAttempts())
    {
      response,
      body in
      #expect(response.statusCode == 404)
      return try await body.reduce(Data()) { $0 + $1 }
    }
    #expect(text == Data("no such note".utf8))
    #expect(server.requestCount == 1)
  }

  @Test("A body that breaks off is an error of the body, which no policy repeats or counts")
  func truncated() async throws {
    server.inject(.truncatedBody)
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    let policy = Pipeline("x") {
      threeAttempts()
      breaker
    }
    var count = 0
    let error = try await #require(throws: URLError.self) {
      try await session.stream(for: server.request("bytes/10000"), through: policy) { _, body in
        for try await piece in body { count += piece.count }
      }
    }
    #expect(error.verdict == .failure)
    #expect(count == 5_000)
    #expect(server.requestCount == 1)
    #expect(breaker.state == .closed)
  }

  @Test("Two readers of one body share its bytes")
  func readers() async throws {
    let count = try await session.stream(for: server.request("bytes/100000"), through: NoPolicy()) {
      _,
      body in
      var (one, two) = (body.makeAsyncIterator(), body.makeAsyncIterator())
      var count = 0
      while let piece = try await one.next() {
        count += piece.count
        count += try await two.next()?.count ?? 0
      }
      return count
    }
    #expect(count == 100_000)
  }

  @Test("After the closure the body cannot be read any more")
  func after() async throws {
    let body = try await session.stream(for: server.request("bytes/1000"), through: NoPolicy()) {
      $1
    }
    await #expect(throws: CancellationError.self) { for try await _ in body {} }
  }

  @Test("A stream that a policy drops is ended: a timeout at its limit leaves nothing behind")
  func dropped() async throws {
    server.inject(.endlessBody)
    struct Dropping: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        _ = try await operation()
        throw Enough()
      }
    }
    await #expect(throws: Enough.self) {
      try await session.stream(for: server.request("notes/1"), through: Dropping()) { _, _ in }
    }
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("A body on the isolation of its caller")
  @MainActor
  func isolated() async throws {
    var pieces = 0
    try await session.stream(for: server.request("bytes/100000"), through: NoPolicy()) { _, body in
      MainActor.assertIsolated()
      for try await _ in body {
        MainActor.assertIsolated()
        pieces += 1
      }
    }
    #expect(pieces > 0)
  }

  @Test("A redirect is followed before the closure is called")
  func redirected() async throws {
    let note = try await session.stream(for: server.request("moved"), through: NoPolicy()) {
      response,
      body in
      #expect(response.url?.path == "/notes/7")
      return try JSONDecoder().decode(
        Note.self,
        from: try await body.reduce(Data()) { $0 + $1 }
      )
    }
    #expect(note.id == 7)
  }

  #if canImport(FoundationNetworking)
    @Test("Bodies that were read use their connection again, one after the other")
    func reuse() async throws {
      for _ in 1...5 {
        try await session.stream(for: server.request("bytes/1000"), through: NoPolicy()) {
          _,
          body in
          for try await _ in body {}
        }
        while session.channel.idleLanes == 0 { await Task.yield() }
      }
      #expect(server.connectionCount == 1)
      #expect(session.channel.idleLanes == 1)
    }
  #endif

  @Test(
    "A peer that falls silent is given up, in the head and in the body",
    arguments: [true, false]
  )
  func silence(inBody: Bool) async throws {
    if inBody {
      server.inject(.drip(150, every: .seconds(3_600)))
    } else {
      server.inject(.hang)
    }
    var request = server.request("bytes/1000")
    request.timeoutInterval = 0.3
    let error = try await #require(throws: URLError.self) {
      try await session.stream(for: request, through: NoPolicy()) { _, body in
        for try await _ in body {}
      }
    }
    #expect(error.code == .timedOut)
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("Many bodies that nobody reads do not stop one another, nor other calls")
  func many() async throws {
    server.inject(.endlessBody) { $0.path != "/notes/1" }
    let (session, server) = (session, server)
    try await withThrowingTaskGroup { group in
      let spots = (0..<40).map { _ in Parked<Void>() }
      let ready = Tally()
      for (number, spot) in spots.enumerated() {
        group.addTask {
          try await session.stream(for: server.request("bytes/\(number)"), through: NoPolicy()) {
            _,
            body in
            var pieces = body.makeAsyncIterator()
            _ = try await pieces.next()
            ready.raise()
            await spot.wait()
          }
        }
      }
      while ready.value < 40 { await Task.yield() }
      let (_, response) = try await session.data(
        for: server.request("notes/1"),
        through: NoPolicy()
      )
      #expect(response.statusCode == 200)
      for spot in spots { spot.resume(with: ()) }
      try await group.waitForAll()
    }
  }
}
