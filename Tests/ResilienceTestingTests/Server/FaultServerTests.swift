import Foundation
import ResilienceTesting
import Testing

@Suite("Fault server in good order")
struct FaultServerTests {
  @Test("A route answers, and the connection stays open")
  func keepAlive() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    for number in 1...3 {
      await client.send(get("/users/\(number)?name=Bob"))
      let response = await client.response()
      #expect(response.status == 200)
      #expect(response.body == "{\"id\":\"\(number)\",\"name\":\"Bob\"}")
    }
    #expect(server.connectionCount == 1)
    #expect(server.requestCount == 3 && server.handledCount == 3 && server.faultedCount == 0)
    #expect(server.exchanges.map(\.path) == ["/users/1", "/users/2", "/users/3"])
    #expect(server.exchanges.map(\.outcome) == Array(repeating: .status(200), count: 3))
  }

  @Test("Pipelined requests are answered in order, even after the client has closed its side")
  func pipelining() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send((1...200).map { get("/users/\($0)") }.joined())
    client.finishSending()
    let (text, ending) = await client.receiveAll()
    let ids = text.matches(of: /"id":"(\d+)"/).map { String($0.1) }
    #expect(ids == (1...200).map(String.init))
    #expect(ending == .end)
  }

  @Test("More pipelined requests than the server takes in at once are answered too")
  func longPipeline() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    let fill = "Fill: " + String(repeating: "x", count: 4_000)
    async let sent: Void = client.send(
      (1...99).map { get("/users/\($0)", fill) }.joined() + get("/", "Connection: close")
    )
    let reader = client
    await sent
    let text = await reader.receiveAll().text
    #expect(text.matches(of: /HTTP\/1.1 200 OK/).count == 99)
    #expect(text.contains("HTTP/1.1 404 Not Found"))
  }

  @Test("Connection: close and HTTP/1.0 end the connection after the answer")
  func close() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    for request in [get("/users/1", "Connection: close"), "GET /users/1 HTTP/1.0\r\n\r\n"] {
      let client = try RawClient(server.port)
      await client.send(request)
      let (text, ending) = await client.receiveAll()
      #expect(text.contains("Connection: close\r\n") && text.hasSuffix("}"))
      #expect(ending == .end)
    }
  }

  @Test("HEAD has the fields of GET and no body")
  func head() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send("HEAD /users/1 HTTP/1.1\r\nHost: x\r\n\r\n" + get("/users/2"))
    let head = await client.response(hasBody: false)
    #expect(head.header("Content-Length") == "23")
    #expect(await client.response().body == "{\"id\":\"2\",\"name\":\"Ada\"}")
  }

  @Test("A client that expects 100 Continue gets it before it sends the body")
  func expectContinue() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n")
    await client.send("Expect: 100-continue\r\n\r\n")
    #expect(await client.response().status == 100)
    await client.send("hi")
    #expect(await client.response().body == "hi")
  }

  @Test("A body in chunks reaches the handler in one piece")
  func chunked() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    await client.send("4\r\nWiki\r\n5;a=b\r\npedia\r\n0\r\nTrailer: x\r\n\r\n")
    #expect(await client.response().body == "Wikipedia")
  }

  @Test("A large body goes both ways")
  func large() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    let body = String(repeating: "0123456789abcdef", count: 65_536)
    await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
    await client.send(body)
    #expect(await client.response().body == body)
  }

  @Test(
    "A request that is not in order is answered and the connection closed",
    arguments: [
      ("GET / HTTP/1.1\r\n\r\n", 400),
      ("GET / HTTP/3.0\r\n\r\n", 505),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\nabc", 413),
      ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n", 414),
      (get("/", "A: \(String(repeating: "a", count: 20_000))"), 431),
    ]
  )
  func malformed(request: String, status: Int) async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send(request)
    let (text, ending) = await client.receiveAll()
    #expect(RawResponse(head: text).status == status)
    #expect(ending == .end)
    #expect(server.malformedCount == 1 && server.requestCount == 0)
  }

  @Test("A client that goes on sending a body that is too long still reads the answer")
  func unreadBody() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
    await client.send(String(repeating: "x", count: 500_000))
    let (text, ending) = await client.receiveAll()
    #expect(RawResponse(head: text).status == 413)
    #expect(ending == .end)
  }

  @Test("What a handler's error says is not sent")
  func handlerError() async throws {
    struct Secret: Error {}
    let server = try FaultServer {
      Route(.get, "/") { _ in throw Secret() }
    }
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send(get("/"))
    let response = await client.response()
    #expect(response.status == 500)
    #expect(!response.body.contains("Secret"))
  }

  @Test("Beyond the limit, connections are closed")
  func tooManyConnections() async throws {
    var limits = ServerLimits()
    limits.connections = 1
    let server = try FaultServer.users(limits: limits)
    defer { server.stop() }
    let first = try RawClient(server.port)
    await first.send(get("/users/1"))
    #expect(await first.response().status == 200)
    let second = try RawClient(server.port)
    #expect(await second.receiveAll().text == "")
    await first.send(get("/users/1"))
    #expect(await first.response().status == 200)
  }

  @Test("A connection that stands still is closed")
  func idle() async throws {
    var limits = ServerLimits()
    limits.idleTime = .milliseconds(20)
    let server = try FaultServer.users(limits: limits)
    defer { server.stop() }
    let silent = try RawClient(server.port)
    #expect(await silent.receiveAll().ending == .end)
    let half = try RawClient(server.port)
    await half.send("GET / HT")
    #expect(await half.receiveAll().ending != .timeout)
  }
}
