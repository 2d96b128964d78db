import Foundation
import ResilienceTesting
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@Suite("Fault server with faults")
struct FaultServerFaultTests {
  private let server: FaultServer

  init() throws {
    server = try FaultServer.users(seed: 7)
  }

  @Test("A status is answered until it is healed")
  func status() async throws {
    let outage = server.inject(.status(503, headers: ["Retry-After": "2"]))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let refused = await client.response()
    #expect(refused.status == 503)
    #expect(refused.header("Retry-After") == "2")
    #expect(outage.hits == 1)
    outage.heal()
    await client.send(get("/users/1"))
    #expect(await client.response().status == 200)
    #expect(server.faultedCount == 1 && server.handledCount == 1 && server.requestCount == 2)
    #expect(server.exchanges.first?.outcome == .fault(.status(503, headers: ["Retry-After": "2"])))
  }

  @Test("A filter picks the requests, and only those use up the count")
  func filter() async throws {
    server.inject(.status(500), .next(1)) { $0.path.hasPrefix("/users/2") }
    let client = try RawClient(server.port)
    var statuses: [Int?] = []
    for id in [1, 2, 2] {
      await client.send(get("/users/\(id)"))
      statuses.append(await client.response().status)
    }
    #expect(statuses == [200, 500, 200])
  }

  @Test("A latency delays what another fault answers")
  func latency() async throws {
    server.inject(.latency(.milliseconds(10)))
    server.inject(.latency(.milliseconds(5)...(.milliseconds(6))))
    server.inject(.status(429))
    let client = try RawClient(server.port)
    let start = ContinuousClock.now
    await client.send(get("/users/1"))
    #expect(await client.response().status == 429)
    #expect(start.duration(to: .now) >= .milliseconds(15))
  }

  @Test("A hanging request ends when the fault is healed")
  func hangHealed() async throws {
    let hang = server.inject(.hang, .next(1))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    while hang.hits == 0 { await Task.yield() }
    hang.heal()
    let (text, ending) = await client.receiveAll()
    #expect(text == "" && ending == .end)
    #expect(server.exchanges.map(\.outcome) == [.fault(.hang)])
  }

  @Test("A hanging request ends when the server stops")
  func hangStopped() async throws {
    server.inject(.hang)
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    await server.requests(atLeast: 1)
    server.stop()
    #expect(await client.receiveAll().text == "")
    await server.stopped()
  }

  @Test("A hanging request ends when the client goes away")
  func hangAbandoned() async throws {
    server.inject(.hang)
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    await server.requests(atLeast: 1)
    client.finishSending()
    #expect(await client.receiveAll().text == "")
  }

  @Test(
    "A reset leaves exactly what was sent before it",
    arguments: [
      (.beforeHandler, "", 0), (.afterHandler, "", 1), (.inHeaders, "HTTP/1.1 200 OK", 1),
      (.inBody, "\r\n\r\n{\"id\":\"1\",\"", 1),
    ] as [(ServerFault.ResetPoint, String, Int)]
  )
  func reset(point: ServerFault.ResetPoint, sent: String, handled: Int) async throws {
    let ran = Counter()
    let server = try FaultServer {
      Route(.get, "/users/{id}") { request in
        ran.increment()
        return try .json(User(id: "1", name: "Ada"))
      }
    }
    defer { server.stop() }
    server.inject(.reset(point))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let (text, ending) = await client.receiveAll()
    #expect(ending == .reset)
    #expect(point == .inHeaders ? text.hasPrefix(sent) : text.hasSuffix(sent))
    #expect(text.isEmpty == sent.isEmpty)
    #expect(ran.value == handled)
  }

  @Test("A truncated body ends in good order before its announced length")
  func truncated() async throws {
    server.inject(.truncatedBody)
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let (text, ending) = await client.receiveAll()
    #expect(text.contains("Content-Length: 23\r\n"))
    #expect(text.hasSuffix("\r\n\r\n{\"id\":\"1\",\""))
    #expect(ending == .end)
  }

  @Test("A dripped response is complete and late")
  func drip() async throws {
    server.inject(.drip(20, every: .milliseconds(1)))
    let client = try RawClient(server.port)
    let start = ContinuousClock.now
    await client.send(get("/users/1"))
    let response = await client.response()
    #expect(response.body == "{\"id\":\"1\",\"name\":\"Ada\"}")
    let pieces = (response.head.utf8.count + response.body.utf8.count + 19) / 20
    #expect(start.duration(to: .now) >= .milliseconds(pieces - 1))
  }

  @Test("Garbage is no HTTP")
  func garbage() async throws {
    server.inject(.garbage(Data("SSH-2.0-x\r\n".utf8)))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let (text, ending) = await client.receiveAll()
    #expect(text == "SSH-2.0-x\r\n" && ending == .end)
  }

  @Test("A refusing server closes idle connections and refuses new ones until it is healed")
  func refuse() async throws {
    let idle = try RawClient(server.port)
    await idle.send(get("/users/1"))
    #expect(await idle.response().status == 200)
    for _ in 1...20 {
      let outage = server.inject(.refuse)
      #expect(await idle.receiveAll().ending == .end)
      #expect(throws: RawClient.Failure(code: ECONNREFUSED)) { try RawClient(server.port) }
      outage.heal()
      let client = try RawClient(server.port)
      await client.send(get("/users/1"))
      #expect(await client.response().status == 200)
    }
    #expect(server.requestCount == 21)
  }

  @Test("A server that refuses for a span listens again by itself")
  func refuseDuring() async throws {
    server.inject(.refuse, .during(.milliseconds(30)))
    #expect(throws: RawClient.Failure(code: ECONNREFUSED)) { try RawClient(server.port) }
    var client: RawClient?
    while client == nil {
      client = try? RawClient(server.port)
      await Task.yield()
    }
    await client?.send(get("/users/1"))
    #expect(await client?.response().status == 200)
  }

  @Test("A server that refuses the next connection resets it")
  func refuseNext() async throws {
    let outage = server.inject(.refuse, .next(1))
    let first = try RawClient(server.port)
    #expect(await first.receiveAll().ending == .reset)
    let second = try RawClient(server.port)
    await second.send(get("/users/1"))
    #expect(await second.response().status == 200)
    #expect(outage.hits == 1)
  }

  @Test("Healing all ends every fault")
  func healAll() async throws {
    server.inject(.status(500))
    server.inject(.refuse)
    server.healAll()
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    #expect(await client.response().status == 200)
  }

  @Test("A flood adds its fields to the answer, and the body stays whole")
  func headerFlood() async throws {
    server.inject(.headerFlood(30, of: 5))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let response = await client.response()
    #expect(response.header("X-Flood-0") == "xxxxx" && response.header("X-Flood-29") == "xxxxx")
    #expect(response.header("X-Flood-30") == nil)
    #expect(response.body == "{\"id\":\"1\",\"name\":\"Ada\"}")
  }

  @Test("Another content type replaces the answer's own")
  func contentType() async throws {
    server.inject(.contentType("text/html"))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    #expect(await client.response().header("Content-Type") == "text/html")
  }

  @Test("A redirect says where to")
  func redirect() async throws {
    server.inject(.redirect(to: "/users/2", status: 307))
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    let response = await client.response()
    #expect(response.status == 307)
    #expect(response.header("Location") == "/users/2")
  }

  @Test(
    "An endless answer goes on until the client has gone, and the bytes are counted",
    arguments: [ServerFault.endlessBody, .endlessHeaders, .inflating()]
  )
  func endless(fault: ServerFault) async throws {
    server.inject(fault)
    var client: RawClient? = try RawClient(server.port)
    await client?.send(get("/users/1"))
    while server.sentBytes < 1_000 { await Task.yield() }
    #expect(server.connectionCount == 1)
    client = nil
    while server.connectionCount > 0 { await Task.yield() }
  }

  @Test("An endless answer ends when the server stops")
  func endlessStopped() async throws {
    server.inject(.endlessBody)
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    while server.sentBytes == 0 { await Task.yield() }
    server.stop()
    await server.stopped()
    #expect(server.connectionCount == 0)
  }

  @Test(
    "What has no body has none of an endless one",
    arguments: [ServerFault.endlessBody, .inflating()]
  )
  func endlessHead(fault: ServerFault) async throws {
    server.inject(fault)
    let client = try RawClient(server.port)
    await client.send("HEAD /users/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await client.receiveAll().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
  }
}
